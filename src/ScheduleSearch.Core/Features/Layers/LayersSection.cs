using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>The list <c>layers</c>, and the members of its items.</summary>
internal sealed class LayersSection : ListSection<ModelLayer, LayerList>
{
    private const int MostItems = 4096, MostLayers = 4096;

    /// <summary>
    /// The sections that it goes with: those that add work to what the stages take, or of which what is proved of all splits knows how much they save or cut
    /// up, and that have nothing of single stages but what layers say. With others the least work of a device could be less than that of its layers.
    /// </summary>
    private static readonly string[] GoesWith =
        ["layers", "devices", "recompute", "vocabulary", "fill", "optimizer", "slices", "overlap", "microbatchScale", "microbatches", "frozen"];

    public override string Name => "layers";

    public override bool StatesStages => true;

    protected override ItemTable<ModelLayer> Table { get; } = new(
        new() { Name = "", Forward = 0, BackwardInput = 0, BackwardWeight = 0 },
    [
        new TextMember<ModelLayer>("name", layer => layer.Name, (layer, name) => layer with { Name = name }) { IsRequired = true },
        new WholeMember<ModelLayer>("count", layer => layer.Count, (layer, count) => layer with { Count = count }) { IsCount = true },
        Time("forward", layer => layer.Forward, (layer, time) => layer with { Forward = time }),
        Time("backwardInput", layer => layer.BackwardInput, (layer, time) => layer with { BackwardInput = time }),
        Time("backwardWeight", layer => layer.BackwardWeight, (layer, time) => layer with { BackwardWeight = time }),
        Memory("activation", layer => layer.Activation, (layer, amount) => layer with { Activation = amount }),
        Memory("retained", layer => layer.Retained, (layer, amount) => layer with { Retained = amount }),
        Memory("weights", layer => layer.Weights, (layer, amount) => layer with { Weights = amount }),
        new PartMember<ModelLayer, LayerRecompute>(
            "recompute", OfRecompute, layer => layer.Recompute, (layer, recompute) => layer with { Recompute = recompute }),
        new NumberMember<ModelLayer>("output", Quantity.None, layer => layer.Output, (layer, size) => layer with { Output = size }) { MayBeZero = true },
        new FlagMember<ModelLayer>("frozen", layer => layer.Frozen ? true : null, (layer, isFrozen) => layer with { Frozen = isFrozen }),
        Memory("keyValue", layer => layer.KeyValue, (layer, amount) => layer with { KeyValue = amount }),
    ]);

    private static ItemTable<LayerRecompute> OfRecompute { get; } = new(
        new() { Kept = 0 },
    [
        new NumberMember<LayerRecompute>("time", Quantity.Time, recompute => recompute.Time, (recompute, time) => recompute with { Time = time }),
        new NumberMember<LayerRecompute>("kept", Quantity.Memory, recompute => recompute.Kept, (recompute, kept) => recompute with { Kept = kept })
        {
            IsRequired = true,
        },
    ]);

    public override void Check(SectionCheck check)
    {
        var layers = check.Profile.Layers!;
        if (layers.Count == 0) check.Malformed("Is empty: give the layers of the model in the order in which forwards pass them.");
        if (layers.Count > MostItems) check.Impossible($"Has {layers.Count} items; this server takes at most {MostItems}.");
        foreach (var (index, layer) in layers.Index()) CheckLayer(check.At(index), layer);
        if (!check.IsClean) return;
        if (layers.Total > MostLayers) check.Impossible($"Has {layers.Total} layers; this server takes at most {MostLayers}.");
        if (layers.Sum(layer => layer.Count * layer.Work) > SectionCheck.Largest) check.Malformed("Takes more than 10^12 in all: choose another unit.");
        if (layers.All(layer => layer.Work == 0)) check.Malformed("No layer takes any time: give something a time above 0.");
        if (check.Profile.RoomOfDevices() is not null && layers.All(layer => layer.Activation is null))
            check.At(0).Malformed("activation", "Is required of some layer when memory is limited.");
    }

    public override void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
        foreach (var other in others.Except(GoesWith)) check.Malformed($"Does not go with {other}: give the stages' times and memory in its place.");
        if (check.Profile.Recompute is { } recompute) CheckRecompute(check, recompute);
        CheckMessages(check, check.Profile.Times.Communication);
        CheckStated(check);
        if (!check.IsClean || check.Profile.Pipeline.Split?.Layers is not { } split) return;
        var (stages, total) = (check.Stages, check.Profile.Layers!.Total);
        if (split.Length != stages) check.MalformedElsewhere(PipelineSection.SplitPath, $"Has {split.Length} numbers; give {stages}, one for each stage.");
        else if (split.Any(count => count < 0)) check.MalformedElsewhere(PipelineSection.SplitPath, "Has a number below 0: a stage has 0 or more layers.");
        else if (split.Sum(count => (long)count) is var sum && sum != total)
            check.MalformedElsewhere(PipelineSection.SplitPath, $"Deals out {sum} layers, and layers has {total}: they must be as many.");
    }

    public override void Identify(IdentityText text, Problem problem)
    {
        if (FoundIn(problem.Profile) is null) return;
        var split = problem.Profile.Pipeline.Split ?? StageSplit.Search;
        text.Line(PipelineSection.SplitPath, split.Layers is { } counts ? counts.Select(IdentityText.Of) : [split.Word]);
        base.Identify(text, problem);
    }

    /// <summary>Merged stages have the layers of all.</summary>
    public override Profile Merge(Profile merged, Profile finest, MergedStages merging)
    {
        if (FoundIn(finest) is null || finest.Pipeline.Split?.Layers is not { } split) return merged;
        return merged with { Pipeline = merged.Pipeline with { Split = StageSplit.Of([.. split.Chunk(merging.Size).Select(parts => parts.Sum())]) } };
    }

    /// <summary>What a layer hands on takes a time on each link.</summary>
    protected override void CountBeside(ScaleNumbers numbers, ModelLayer item)
    {
        if (numbers.Quantity != Quantity.Time || item.Output is not { } output) return;
        numbers.Add(LayerMessages.TimesOf(numbers.Profile.Times.Communication, numbers.Placement, [output]).Select(time => ("output", time)));
    }

    protected override LayerList ListOf(ReadOnlySpan<ModelLayer> items) => LayerList.Of(items);

    private void CheckLayer(SectionCheck check, ModelLayer layer)
    {
        Table.Check(check, layer);
        if (layer.Recompute is { } recompute && recompute.Kept > (layer.Activation ?? 0))
        {
            check.At("recompute").Malformed(
                "kept", $"{SectionCheck.Text(recompute.Kept)} is more than the activation it is a part of ({SectionCheck.Text(layer.Activation ?? 0)}).");
        }
    }

    /// <summary>Messages have the sizes that layers say, or those that stages are said to have.</summary>
    private static void CheckMessages(SectionCheck check, Communication communication)
    {
        var stated = check.Profile.Layers!.Index().Where(layer => layer.Item.Output is not null).Select(layer => layer.Index).ToList();
        if (stated.Count > 0 && communication.Bytes is not null)
            check.MalformedElsewhere("times.communication.bytes", "Follows from output of the layers: leave one of them out.");
        else if (stated.Count > 0 && communication.Bandwidth is null)
            check.At(stated[0]).Malformed("output", "Goes with times.communication.bandwidth, which it is divided by: give both, or none.");
        else if (stated.Count == 0 && communication is { Bytes: null, Bandwidth: not null })
            check.MalformedElsewhere("times.communication.bandwidth", "Goes with output of the layers, or with bytes: give one of them, or leave it out.");
    }

    /// <summary>What is stated of stages elsewhere, and what of layers goes with nothing else.</summary>
    private static void CheckStated(SectionCheck check)
    {
        var (profile, layers) = (check.Profile, check.Profile.Layers!);
        if (profile.Frozen is not null)
            check.MalformedElsewhere("frozen", "Follows from the layers: leave it out, and say frozen of those that are not trained.");
        if (profile.Overlap is { Gain: not { IsScalar: true } })
            check.MalformedElsewhere("overlap", "Does not go with layers but in one number of gain, which holds of all stages: give that.");
        if (profile.Slices?.KeyValue is not null)
            check.MalformedElsewhere("slices.keyValue", "Follows from the layers: leave it out, and say keyValue of them.");
        foreach (var (index, layer) in layers.Index())
        {
            if (layer.KeyValue is not null && profile.Slices is null)
                check.At(index).Malformed("keyValue", "Goes with slices, whose keys and values it is of: leave it out, or give slices.");
            if (layer.Frozen && profile.Mode == IterationMode.Forward)
                check.At(index).Malformed("frozen", "Does not go with mode forward, in which no layer has a backward: give one of them.");
        }
    }

    /// <summary>Layers say what a stage keeps, and the profile which stages recompute.</summary>
    private static void CheckRecompute(SectionCheck check, ActivationRecompute recompute)
    {
        const string Instead = "Follows from the layers: leave it out, and say in recompute of each layer what it keeps.";
        if (recompute.Time is not null) check.MalformedElsewhere("recompute.time", Instead);
        if (recompute.Kept is not null) check.MalformedElsewhere("recompute.kept", Instead);
        if (recompute.Levels is not null) check.MalformedElsewhere("recompute.levels", Instead);
        if (check.Profile.Layers!.All(layer => layer.Recompute is null))
            check.MalformedElsewhere("recompute", "Has no layer that says what it keeps: say so in recompute of some layers, or leave it out.");
    }

    private static NumberMember<ModelLayer> Time(string name, Func<ModelLayer, decimal?> get, Func<ModelLayer, decimal, ModelLayer> set) =>
        new(name, Quantity.Time, get, set) { IsRequired = true };

    private static NumberMember<ModelLayer> Memory(string name, Func<ModelLayer, decimal?> get, Func<ModelLayer, decimal, ModelLayer> set) =>
        new(name, Quantity.Memory, get, set);
}

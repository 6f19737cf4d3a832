using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>The list <c>layers</c>, and the members of its items.</summary>
internal sealed class LayersSection : ListSection<ModelLayer, LayerList>
{
    private const int MostItems = 4096, MostLayers = 4096;

    /// <summary>
    /// The sections that it goes with: those that add work to what the stages take, or none, and say nothing of single stages. With others the least work of a
    /// device could be less than that of its layers.
    /// </summary>
    private static readonly string[] GoesWith = ["layers", "devices", "vocabulary", "fill", "optimizer"];

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
    ]);

    public override void Check(SectionCheck check)
    {
        var layers = check.Profile.Layers!;
        if (layers.Count == 0) check.Malformed("Is empty: give the layers of the model in the order in which forwards pass them.");
        if (layers.Count > MostItems) check.Impossible($"Has {layers.Count} items; this server takes at most {MostItems}.");
        foreach (var (index, layer) in layers.Index()) Table.Check(check.At(index), layer);
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

    protected override LayerList ListOf(ReadOnlySpan<ModelLayer> items) => LayerList.Of(items);

    private static NumberMember<ModelLayer> Time(string name, Func<ModelLayer, decimal?> get, Func<ModelLayer, decimal, ModelLayer> set) =>
        new(name, Quantity.Time, get, set) { IsRequired = true };

    private static NumberMember<ModelLayer> Memory(string name, Func<ModelLayer, decimal?> get, Func<ModelLayer, decimal, ModelLayer> set) =>
        new(name, Quantity.Memory, get, set);
}

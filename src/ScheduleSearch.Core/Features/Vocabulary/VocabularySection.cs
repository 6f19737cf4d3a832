using System.Globalization;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>The members of <c>vocabulary</c>.</summary>
internal sealed class VocabularySection : ProfileSection<VocabularyLayer>
{
    private const string Size = "size", Parallel = "parallel", Forward = "forward", Backward = "backward";
    private const string Hidden = "hidden", Sequence = "sequence", MicrobatchSize = "microbatchSize", FlopsPerSecond = "flopsPerSecond";

    /// <summary>A microbatch waits for the barrier after the input embedding and for two of the output layer.</summary>
    private const int MostBarriers = 3;

    /// <summary>Every device waits for every other one, for each microbatch: so many waits a problem may have.</summary>
    private const long MostWaits = 5_000_000;

    /// <summary>Numbers of a layer's shape, beyond which their product is no layer's.</summary>
    private const int MostOfShape = 100_000_000;

    public override string Name => "vocabulary";

    public override IReadOnlyList<SectionMember<VocabularyLayer>> Table { get; } =
    [
        new WholeMember<VocabularyLayer>(Size, layer => layer.Size, (layer, size) => layer with { Size = size }) { IsRequired = true, IsCount = true },
        new WordMember<VocabularyLayer, VocabularyParallel>(
            Parallel, NameOf, layer => layer.Parallel, (layer, parallel) => layer with { Parallel = parallel }),
        OfDevice(Forward, Quantity.Time, layer => layer.Forward, (layer, time) => layer with { Forward = time }, shards => shards.Forward),
        OfDevice(Backward, Quantity.Time, layer => layer.Backward, (layer, time) => layer with { Backward = time }, shards => shards.Backward),
        new NumberMember<VocabularyLayer>("barrier", Quantity.Time, layer => layer.Barrier, (layer, barrier) => layer with { Barrier = barrier })
        {
            TimesWaitedFor = MostBarriers,
        },
        OfDevice("activation", Quantity.Memory, layer => layer.Activation, (layer, held) => layer with { Activation = held }, shards => shards.Activation),
        OfDevice("input", Quantity.Time, layer => layer.Input, (layer, time) => layer with { Input = time }, shards => shards.Input),
        new WholeMember<VocabularyLayer>(Hidden, layer => layer.Hidden, (layer, hidden) => layer with { Hidden = hidden }) { IsCount = true },
        new WholeMember<VocabularyLayer>(Sequence, layer => layer.Sequence, (layer, sequence) => layer with { Sequence = sequence }) { IsCount = true },
        new WholeMember<VocabularyLayer>(MicrobatchSize, layer => layer.MicrobatchSize, (layer, size) => layer with { MicrobatchSize = size })
        {
            IsCount = true,
        },
        new NumberMember<VocabularyLayer>(
            FlopsPerSecond, Quantity.None, layer => layer.FlopsPerSecond, (layer, flops) => layer with { FlopsPerSecond = flops }),
    ];

    public override IReadOnlyList<string> GoesNotWith => ["slices"];

    protected override VocabularyLayer Blank { get; } = new() { Size = 1 };

    /// <summary>The word of a value in requests.</summary>
    internal static string NameOf(VocabularyParallel parallel) => parallel switch
    {
        VocabularyParallel.None => "none",
        VocabularyParallel.OneBarrier => "one-barrier",
        VocabularyParallel.TwoBarriers => "two-barriers",
        _ => "search",
    };

    protected override void CheckRules(SectionCheck check, VocabularyLayer section)
    {
        var shape = new (string Name, decimal? Value)[]
        {
            (Hidden, section.Hidden), (Sequence, section.Sequence), (MicrobatchSize, section.MicrobatchSize), (FlopsPerSecond, section.FlopsPerSecond),
        };
        var times = new (string Name, bool IsGiven)[] { (Forward, section.Forward is not null), (Backward, section.Backward is not null) };
        var byShape = shape.Any(member => member.Value is not null);
        foreach (var (name, value) in shape)
        {
            if (byShape && value is null) check.Malformed(name, $"Is missing: times that follow from the shape of the layer need {Words(shape)}.");
            if (value > MostOfShape && name != FlopsPerSecond)
                check.Malformed(name, $"Is {value}; must be at most {MostOfShape.ToString(CultureInfo.InvariantCulture)}.");
        }

        foreach (var (name, isGiven) in times)
        {
            if (byShape && isGiven) check.Malformed(name, $"Follows from {Words(shape)}: give either this or those.");
            if (!byShape && !isGiven) check.Malformed(name, $"Is missing: give forward and backward, or {Words(shape)}.");
        }

        if (byShape && check.IsClean && section.FlopsPerSecond < 1e6m)
            check.Malformed(FlopsPerSecond, $"Is {section.FlopsPerSecond}, less than a million: state operations in a second, such as 2e14.");
    }

    protected override void CheckAgainstProfile(SectionCheck check, VocabularyLayer section)
    {
        var pipes = Problem.PlacementOf(check.Profile).Pipes;
        if (section.Parallel is VocabularyParallel.None or VocabularyParallel.Search) return;
        var (devices, microbatches) = (check.Devices, check.Profile.Pipeline.Microbatches);
        if ((long)devices * devices * microbatches > MostWaits)
        {
            check.Impossible(
                Parallel,
                $"In shards, each of {devices} devices waits for all others on each of {microbatches} microbatches: devices x devices x microbatches must "
                + $"be at most {MostWaits.ToString(CultureInfo.InvariantCulture)}.");
        }

        if (!check.StagesAreStated && FrozenStages.CountIn(check.Profile, check.Profile.Times) == check.Stages)
        {
            check.Malformed(
                Parallel,
                "In shards, the output layer's passes end in the last stage's backward, and no stage has one. Choose none, or give the last stage gradients "
                + "that take time.");
        }

        if (pipes > 1)
        {
            check.Malformed(
                Parallel,
                $"In shards, the output layer stands once on every device; the placement {check.Profile.Pipeline.Placement} has two last stages. "
                + "Choose a placement of one pipe, or none.");
        }
    }

    /// <summary>Whole, both gradients of the last stage have half of a sum each.</summary>
    protected override int SpareDigitsOf(VocabularyLayer section) => section.Parallel == VocabularyParallel.None ? 1 : 0;

    /// <summary>What a part of the id stands for is what the numbers come to: the same problem by its shape and by its times.</summary>
    protected override void Identify(IdentityText text, Problem problem, VocabularyLayer section)
    {
        foreach (var member in Table.Where(member => member.Name is Parallel or "barrier" || member.Quantity != Quantity.None))
            Identify(member, text, problem, section);
        // What is left open differs by how it is closed, and that by the shape.
        if (section.Parallel != VocabularyParallel.Search) return;
        foreach (var member in Table.OfType<WholeMember<VocabularyLayer>>()) Identify(member, text, problem, section);
    }

    private static StageMember<VocabularyLayer> OfDevice(
        string name, Quantity quantity, Func<VocabularyLayer, StageValues?> get, Func<VocabularyLayer, StageValues, VocabularyLayer> set,
        Func<VocabularyShards, StageValues> shard) =>
        new(name, quantity, get, set)
        {
            IsPerDevice = true,
            Added = Added.ByMicrobatch,
            Otherwise = (profile, layer) => shard(VocabularyShards.Of(profile, layer)),
        };

    private static string Words(IEnumerable<(string Name, decimal? Value)> members) => string.Join(", ", members.Select(member => member.Name));
}

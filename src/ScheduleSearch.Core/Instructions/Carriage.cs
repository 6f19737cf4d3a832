using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Links;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Robust;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>Conditions that several runtimes put on the schedules they can carry. Each gives a refusal, or null when it is met.</summary>
internal static class Carriage
{
    /// <summary>The features that a format which lists or draws every lane's operations tells of.</summary>
    public static FeatureSet Listed { get; } =
    [
        TwoPipesFeature.Id, SlicesFeature.Id, RecomputeFeature.Id, OverlapFeature.Id, LinksFeature.Id, VocabularyFeature.Id, OptimizerFeature.Id,
        FrozenFeature.Id, FillFeature.Id, DealtFillFeature.Id, .. Held,
    ];

    /// <summary>The features that a format tells of which names slices and what is recomputed, but no pipe, and takes pairs apart.</summary>
    public static FeatureSet OneRoute { get; } = [SlicesFeature.Id, RecomputeFeature.Id, OverlapFeature.Id, .. Held];

    /// <summary>The features that a format tells of which names whole microbatches of one pipe, and takes pairs apart.</summary>
    public static FeatureSet Unpaired { get; } = [OverlapFeature.Id, .. Held];

    /// <summary>The features that change what operations take or devices hold and nothing of what they do: a stream has nothing to tell of them.</summary>
    private static FeatureSet Held => [GrowthFeature.Id, MicrobatchesFeature.Id, RobustFeature.Id];

    /// <summary>Whether any activation is recomputed.</summary>
    public static bool Restores(Timeline timeline)
    {
        foreach (var operation in timeline.Graph.Operations)
        {
            if (operation.Facts.Role == OperationRole.Restore) return true;
        }

        return false;
    }

    /// <summary>The runtime computes both gradients of a backward at once.</summary>
    public static FormatRefusal? WholeBackwards(Timeline timeline, string runtime)
    {
        foreach (var operation in timeline.Graph.Operations)
        {
            if (operation.Kind == OperationKind.BackwardInput)
            {
                return new FormatRefusal(
                    "$.options.splitBackward",
                    $"{runtime} computes the input and the weight gradient at once, and this schedule keeps them apart ({operation}).",
                    "Solve with splitBackward: false.");
            }
        }

        return null;
    }

    /// <summary>
    /// The runtime finds what belongs to a microbatch by counting, so every stage must take the microbatches in order of their numbers, and the slices of
    /// each from the first to the last, or back.
    /// </summary>
    /// <param name="timeline">The schedule.</param>
    /// <param name="reason">What the runtime counts, in one sentence.</param>
    /// <param name="counts">The operations that it counts.</param>
    public static FormatRefusal? MicrobatchesInOrder(Timeline timeline, string reason, Func<Operation, bool> counts)
    {
        var problem = timeline.Schedule.Problem;
        var next = new int[problem.Stages * Enum.GetValues<OperationKind>().Length];
        for (var device = 0; device < problem.Devices; device++)
        {
            foreach (var operation in timeline.Schedule.OperationsOn(device).Where(counts))
            {
                // A backward and its first half take the same place in the count, and so do forwards alone and in pairs.
                var kind = operation.IsWholeBackward ? OperationKind.BackwardInput : operation.IsForward ? OperationKind.Forward : operation.Kind;
                var turn = operation.Microbatch * problem.SliceCount
                    + (operation.Facts.RunsUpward ? operation.Slice : problem.SliceCount - 1 - operation.Slice);
                ref var expected = ref next[(int)kind * problem.Stages + operation.Stage];
                // Whole backwards leave gaps in the weight gradients.
                if (turn < expected || (turn > expected && kind != OperationKind.BackwardWeight))
                    return new FormatRefusal(
                        "format", $"{reason} The {operation} is out of order.",
                        "Number the microbatches in the order in which they run, or use the format native.");
                expected = turn + 1;
            }
        }

        return null;
    }

    /// <summary>Whether all ranks hold equally many stages.</summary>
    public static bool IsEven(Placement placement) =>
        Enumerable.Range(0, placement.Devices).All(device => placement.StagesOn(device).Length == placement.StagesOn(0).Length);

    /// <summary>Whether stage s stands on rank s mod p, and all ranks hold equally many.</summary>
    public static bool IsLoop(Placement placement) =>
        IsEven(placement) && Enumerable.Range(0, placement.Stages).All(stage => placement.DeviceOf(0, stage) == stage % placement.Devices);

    /// <summary>Whether each rank d holds the stages d and 2p - 1 - d.</summary>
    public static bool IsV(Placement placement) =>
        placement.Stages == 2 * placement.Devices
        && Enumerable.Range(0, placement.Stages).All(stage => placement.DeviceOf(0, stage) == Math.Min(stage, placement.Stages - 1 - stage));
}

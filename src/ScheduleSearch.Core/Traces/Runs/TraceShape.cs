using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>The pipeline that a run had: where its stages stood, how many microbatches a step had, and what its backwards were.</summary>
/// <param name="Ranks">The ranks, ascending: the place of one is the number of its device.</param>
/// <param name="RankOfStage">The rank of each stage.</param>
/// <param name="Microbatches">Microbatches of a step of a replica.</param>
/// <param name="IsSplit">For each stage, whether some of its backwards are in two parts.</param>
internal sealed record TraceShape(
    ImmutableArray<int> Ranks, ImmutableArray<int> RankOfStage, int Microbatches, ImmutableArray<bool> IsSplit)
{
    private const string Path = "$.files";

    /// <summary>The number of stages.</summary>
    public int Stages => RankOfStage.Length;

    /// <summary>The operations of a complete step.</summary>
    public int OperationsOfStep => Microbatches * IsSplit.Sum(isSplit => isSplit ? 3 : 2);

    /// <summary>The device of a rank.</summary>
    public int DeviceOf(int rank) => Ranks.BinarySearch(rank);

    /// <summary>The shape of a run; null when it has none, with errors.</summary>
    /// <param name="operations">All operations.</param>
    /// <param name="limits">How large a pipeline may be.</param>
    /// <param name="errors">Where faults are added.</param>
    public static TraceShape? Of(ImmutableArray<TracedOperation> operations, ProblemLimits limits, List<ProfileError> errors)
    {
        if (operations.IsEmpty) return Refuse(errors, "Hold no forward or backward.");
        var ranksOf = operations.GroupBy(operation => operation.Stage).ToDictionary(
            stage => stage.Key, stage => stage.Select(operation => operation.Rank).Distinct().ToArray());
        var stages = ranksOf.Keys.Max() + 1;
        var missing = Enumerable.Range(0, stages).FirstOrDefault(stage => !ranksOf.ContainsKey(stage), stages);
        if (missing < stages) return Refuse(errors, $"Hold nothing of stage {missing}, and something of stage {stages - 1}.");
        if (ranksOf.FirstOrDefault(stage => stage.Value.Length > 1) is { Value: { } several } odd)
            return Refuse(errors, $"Have stage {odd.Key} on ranks {string.Join(" and ", several.Order().Take(2))}: two pipes cannot be told apart here.");
        var rankOfStage = Enumerable.Range(0, stages).Select(stage => ranksOf[stage][0]).ToImmutableArray();
        var ranks = rankOfStage.Distinct().Order().ToImmutableArray();
        // A step that was cut off has fewer.
        var microbatches = operations.GroupBy(operation => (operation.Replica, operation.Step))
            .Select(step => step.Max(operation => operation.Microbatch) + 1).GroupBy(count => count).MaxBy(count => count.Count())!.Key;
        if (ranks.Length > limits.MaxDevices) return TooMany(errors, ranks.Length, "ranks", limits.MaxDevices);
        if (stages > limits.MaxStages) return TooMany(errors, stages, "stages", limits.MaxStages);
        if (microbatches > limits.MaxMicrobatches) return TooMany(errors, microbatches, "microbatches", limits.MaxMicrobatches);
        var split = operations.Where(operation => operation.Kind is OperationKind.BackwardInput or OperationKind.BackwardWeight)
            .Select(operation => operation.Stage).ToHashSet();
        return new TraceShape(ranks, rankOfStage, microbatches, [.. Enumerable.Range(0, stages).Select(split.Contains)]);
    }

    /// <summary>The same as a profile states it.</summary>
    public PipelineShape Pipeline()
    {
        var (devices, chunks) = (Ranks.Length, Stages / Ranks.Length);
        var pipeline = new PipelineShape { Devices = devices, Microbatches = Microbatches };
        int[] on = [.. RankOfStage.Select(DeviceOf)];
        bool Is(Func<int, int> device) => Stages == chunks * devices && Enumerable.Range(0, Stages).All(stage => on[stage] == device(stage));
        if (chunks == 1 && Is(stage => stage)) return pipeline;
        if (chunks > 1 && Is(stage => stage % devices)) return pipeline with { Chunks = chunks, Placement = "interleaved" };
        if (chunks == 2 && Is(stage => stage < devices ? stage : Stages - 1 - stage)) return pipeline with { Chunks = chunks, Placement = "v" };
        return pipeline with { Chunks = Math.Max(1, chunks), Placement = ExplicitPlacement.Word, StageDevices = [.. on] };
    }

    /// <summary>The steps that are whole, in order, with all backwards of a stage split or none.</summary>
    public ImmutableArray<TracedStep> WholeSteps(ImmutableArray<TracedOperation> operations) =>
    [
        .. DividedBackwards.Of(operations, IsSplit).GroupBy(operation => (operation.Replica, operation.Step)).Where(IsWhole)
            .Select(step => new TracedStep(step.Key.Replica, step.Key.Step, [.. step.OrderBy(operation => operation.Start).ThenBy(operation => operation.End)]))
            .OrderBy(step => step.Step).ThenBy(step => step.Replica),
    ];

    private bool IsWhole(IEnumerable<TracedOperation> step)
    {
        var (seen, count) = (new HashSet<(int, OperationKind, int)>(), 0);
        foreach (var operation in step)
        {
            var isOfBackward = operation.Kind != OperationKind.Forward;
            if (operation.Microbatch >= Microbatches || (isOfBackward && operation.Kind == OperationKind.Backward == IsSplit[operation.Stage])) return false;
            seen.Add((operation.Stage, operation.Kind, operation.Microbatch));
            count++;
        }

        return count == OperationsOfStep && seen.Count == count;
    }

    private static TraceShape? Refuse(List<ProfileError> errors, string message)
    {
        errors.Add(new(Path, message, ProfileErrorKind.Impossible));
        return null;
    }

    private static TraceShape? TooMany(List<ProfileError> errors, int count, string what, int most) =>
        Refuse(errors, $"Hold {count} {what}; this server takes at most {most}.");
}

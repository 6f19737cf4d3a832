using System.Collections.Immutable;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>
/// Whole backwards of stages that have split ones too, as where a stream merges what no replay loses by. They are divided, so that each stage is of one kind:
/// a weight gradient takes what it does in the median, and what is left, with the waiting that a recorded operation may begin with, is the input gradient.
/// </summary>
internal static class DividedBackwards
{
    /// <summary>The operations with those backwards divided.</summary>
    /// <param name="operations">All operations.</param>
    /// <param name="isSplit">For each stage, whether it has split backwards.</param>
    public static ImmutableArray<TracedOperation> Of(ImmutableArray<TracedOperation> operations, ImmutableArray<bool> isSplit)
    {
        if (!operations.Any(IsMixed)) return operations;
        var weights = operations.Where(operation => operation.Kind == OperationKind.BackwardWeight).GroupBy(operation => operation.Stage)
            .ToDictionary(stage => stage.Key, stage => Distribution.Quantile([.. stage.Select(operation => operation.Duration).Order()], 0.5));
        return [.. operations.SelectMany(operation => IsMixed(operation) ? Halves(operation, weights.GetValueOrDefault(operation.Stage)) : [operation])];

        bool IsMixed(TracedOperation operation) => operation.Kind == OperationKind.Backward && isSplit[operation.Stage];
    }

    private static TracedOperation[] Halves(TracedOperation whole, double weight)
    {
        var later = weight < whole.Duration ? weight : whole.Duration / 2;
        return
        [
            whole with { Kind = OperationKind.BackwardInput, Duration = whole.Duration - later },
            whole with { Kind = OperationKind.BackwardWeight, Start = whole.End - later, Duration = later },
        ];
    }
}

using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>What lies between operations of two ranks of which one takes what the other makes.</summary>
internal static class TraceGaps
{
    /// <summary>How long messages were on their way, where ranks waited for them.</summary>
    public static ImportedCommunication Communication(IEnumerable<TracedStep> steps, int stages)
    {
        var (gaps, results, early) = (new List<double>(), 0, 0);
        foreach (var step in steps)
        {
            var makers = Makers(step);
            foreach (var rank in step.ByRank)
            {
                var free = double.NegativeInfinity;
                foreach (var operation in rank)
                {
                    if (MakerOf(operation, makers, stages) is { } maker && maker.Rank != operation.Rank)
                    {
                        results++;
                        var gap = operation.Start - maker.End;
                        if (gap < 0) early++;
                        else if (free <= maker.End) gaps.Add(gap);
                    }

                    free = Math.Max(free, operation.End);
                }
            }
        }

        double[] sorted = [.. gaps.Order()];
        return sorted.Length == 0
            ? new(0, 0, 0, results == 0 ? 0 : (double)early / results)
            : new(sorted.Length, Distribution.Quantile(sorted, 0.5), Distribution.Quantile(sorted, 0.95), (double)early / results);
    }

    /// <summary>The operations of a step without the time in which they cannot have computed, since what they take was not made yet.</summary>
    public static TracedStep WithoutWaiting(TracedStep step, int stages)
    {
        var makers = Makers(step);
        return new TracedStep(step.Replica, step.Step, [.. step.Operations.Select(WithoutWaiting).OrderBy(operation => operation.Start)]);

        TracedOperation WithoutWaiting(TracedOperation operation)
        {
            if (MakerOf(operation, makers, stages) is not { } maker || maker.End <= operation.Start || maker.End >= operation.End) return operation;
            return operation with { Start = maker.End, Duration = operation.End - maker.End };
        }
    }

    private static Dictionary<(bool IsForward, int Stage, int Microbatch), TracedOperation> Makers(TracedStep step) =>
        step.Operations.Where(operation => operation.Kind == OperationKind.Forward || operation.HandsGradientOn)
            .ToDictionary(operation => (operation.Kind == OperationKind.Forward, operation.Stage, operation.Microbatch));

    private static TracedOperation? MakerOf(
        TracedOperation operation, Dictionary<(bool IsForward, int Stage, int Microbatch), TracedOperation> makers, int stages)
    {
        var isForward = operation.Kind == OperationKind.Forward;
        if (!isForward && !operation.HandsGradientOn) return null;
        var stage = operation.Stage + (isForward ? -1 : 1);
        return stage >= 0 && stage < stages && makers.TryGetValue((isForward, stage, operation.Microbatch), out var maker) ? maker : null;
    }
}

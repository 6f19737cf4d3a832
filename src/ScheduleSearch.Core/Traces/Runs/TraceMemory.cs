using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>Fits what each microbatch in flight takes to what the ranks held.</summary>
internal static class TraceMemory
{
    private const int LeastRanks = 3;

    /// <summary>The line by least squares; null for less than three ranks, ranks of several stages, or where all have as many in flight.</summary>
    public static MemoryFit? Of(ImmutableSortedDictionary<int, double> peaks, TracedStep step)
    {
        if (peaks.Count < LeastRanks || step.ByRank.Any(rank => !peaks.ContainsKey(rank.Key))) return null;
        if (step.ByRank.Any(rank => rank.Select(operation => operation.Stage).Distinct().Count() > 1)) return null;
        List<RankPeak> ranks = [.. step.ByRank.OrderBy(rank => rank.Key).Select(rank => new RankPeak(rank.Key, InFlight(rank), peaks[rank.Key]))];
        var (meanInFlight, meanHeld) = (ranks.Average(rank => rank.InFlight), ranks.Average(rank => rank.Recorded));
        var spread = ranks.Sum(rank => Math.Pow(rank.InFlight - meanInFlight, 2));
        if (spread == 0) return null;
        var activation = ranks.Sum(rank => (rank.InFlight - meanInFlight) * (rank.Recorded - meanHeld)) / spread;
        var rest = meanHeld - activation * meanInFlight;
        return activation <= 0 ? null : new(rest, activation, ranks.Max(rank => Math.Abs(rest + activation * rank.InFlight - rank.Recorded)), ranks);
    }

    private static int InFlight(IEnumerable<TracedOperation> operations)
    {
        var (held, most) = (0, 0);
        foreach (var operation in operations)
        {
            if (operation.Kind == OperationKind.Forward) most = Math.Max(most, ++held);
            else if (operation.Kind is OperationKind.Backward or OperationKind.BackwardWeight) held--;
        }

        return most;
    }
}

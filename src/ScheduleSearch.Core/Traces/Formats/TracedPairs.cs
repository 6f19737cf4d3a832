using System.Collections.Immutable;
using ScheduleSearch.Core.Evaluation;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>Forwards and backwards that were recorded as one, since a rank carried them out together.</summary>
internal sealed class TracedPairs
{
    private readonly List<(TracedOperation Forward, TracedOperation Backward)> _pairs = [];

    /// <summary>Adds a pair, of which each has the start and the duration of both.</summary>
    public void Add(TracedOperation forward, TracedOperation backward) => _pairs.Add((forward, backward));

    /// <summary>
    /// Divides each pair's time as its two take it alone in the median, the forward first: what the run does with the two is not told, and the time of both
    /// is right. Where one of them never ran alone, both have half of it.
    /// </summary>
    /// <param name="operations">The operations that ran alone, where the parts of pairs are added.</param>
    /// <param name="untold">Where what cannot be told is added.</param>
    /// <returns>The share of the shorter of the two that a pair saves in the median, 0 where pairs save nothing; null where that cannot be told.</returns>
    public double? Divide(ImmutableArray<TracedOperation>.Builder operations, SortedSet<string> untold)
    {
        if (_pairs.Count == 0) return null;
        var alone = operations.GroupBy(operation => (operation.Stage, operation.Kind)).ToDictionary(
            kind => kind.Key, kind => Distribution.Quantile(kind.Select(operation => operation.Duration).Order().ToArray(), 0.5));
        var gains = new List<double>();
        foreach (var (forward, backward) in _pairs)
        {
            var (first, second) = (AloneOf(forward), AloneOf(backward));
            var isKnown = first > 0 && second > 0;
            if (isKnown) gains.Add((first + second - forward.Duration) / Math.Min(first, second));
            var before = forward.Duration * (isKnown ? first / (first + second) : 0.5);
            operations.Add(forward with { Duration = before });
            operations.Add(backward with { Start = backward.Start + before, Duration = backward.Duration - before });
        }

        untold.Add("Pairs that overlap are recorded as one: the time of each is divided as its two take it alone, or in halves where they never ran alone.");
        if (gains.Count == 0) untold.Add("What pairs save: no stage ran forwards and backwards alone, so the profile has no overlap.");
        return gains.Count == 0 ? null : Math.Clamp(Distribution.Quantile(gains.Order().ToArray(), 0.5), 0, 1);

        double AloneOf(TracedOperation operation) => alone.GetValueOrDefault((operation.Stage, operation.Kind));
    }
}

using System.Collections.Immutable;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>How many replays took how long: between two lengths, in parts that are as wide as each other.</summary>
/// <param name="Least">The shortest replay, in ticks.</param>
/// <param name="Most">The longest.</param>
/// <param name="Counts">The replays of each part, first to last: together all of them. One part where all replays take as long.</param>
public sealed record Histogram(double Least, double Most, ImmutableArray<int> Counts)
{
    private const int Parts = 40;

    /// <summary>The histogram of some lengths, at least one. Cost: linear in them.</summary>
    public static Histogram Of(ReadOnlySpan<double> lengths)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var length in lengths) (least, most) = (Math.Min(least, length), Math.Max(most, length));
        if (most <= least) return new(least, most, [lengths.Length]);
        var counts = new int[Parts];
        foreach (var length in lengths) counts[Math.Min(Parts - 1, (int)((length - least) / (most - least) * Parts))]++;
        return new(least, most, [.. counts]);
    }
}

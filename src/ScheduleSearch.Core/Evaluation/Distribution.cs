namespace ScheduleSearch.Core.Evaluation;

/// <summary>How long replays take, in ticks.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation of a replay.</param>
/// <param name="StandardError">The standard deviation of the mean: what is left to chance of it.</param>
/// <param name="P50">The median.</param>
/// <param name="P95">What 95 % of the replays do not exceed.</param>
/// <param name="P99">What 99 % of the replays do not exceed.</param>
public sealed record Distribution(double Mean, double Deviation, double StandardError, double P50, double P95, double P99)
{
    /// <summary>
    /// The distribution of some lengths; quantiles between two of them are interpolated linearly. Sums are of differences to the first, so that lengths
    /// which are all the same have it as their mean to the last digit.
    /// </summary>
    public static Distribution Of(ReadOnlySpan<double> lengths)
    {
        var (origin, sum, squares) = (lengths[0], 0.0, 0.0);
        foreach (var length in lengths) sum += length - origin;
        var mean = sum / lengths.Length;
        foreach (var length in lengths) squares += (length - origin - mean) * (length - origin - mean);
        var deviation = lengths.Length == 1 ? 0 : Math.Sqrt(squares / (lengths.Length - 1));
        var sorted = lengths.ToArray();
        Array.Sort(sorted);
        return new(
            origin + mean, deviation, deviation / Math.Sqrt(lengths.Length), Quantile(sorted, 0.5), Quantile(sorted, 0.95), Quantile(sorted, 0.99));
    }

    /// <summary>The quantile of sorted values.</summary>
    /// <param name="sorted">At least one value, ascending.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var (below, above) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
        return below == above ? sorted[below] : sorted[below] + (sorted[above] - sorted[below]) * (place - below);
    }
}

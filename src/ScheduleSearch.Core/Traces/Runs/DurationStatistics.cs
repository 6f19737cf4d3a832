using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>What the operations of a kind on a stage took, in milliseconds.</summary>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Op" example="forward">The kind.</param>
/// <param name="Count" example="128">The operations that were measured.</param>
/// <param name="Median" example="67.2">The median, which the profile has.</param>
/// <param name="Mean" example="67.4">The mean.</param>
/// <param name="Variation" example="0.02">The coefficient of variation: standard deviation / mean.</param>
/// <param name="P95" example="69.1">What 95 % of them do not exceed.</param>
/// <param name="Outliers" example="3">Those further from the median than five standard deviations, by the median of the deviations.</param>
public sealed record DurationStatistics(int Stage, string Op, int Count, double Median, double Mean, double Variation, double P95, int Outliers)
{
    private const double DeviationsOfOutlier = 5;

    /// <summary>A standard deviation of a normal distribution in medians of the distance from its median.</summary>
    private const double DeviationOfMedian = 1.4826;

    internal static DurationStatistics Of(int stage, OperationKind kind, double[] durations)
    {
        Array.Sort(durations);
        var distribution = Distribution.Of(durations);
        double[] distances = [.. durations.Select(duration => Math.Abs(duration - distribution.P50)).Order()];
        var far = DeviationsOfOutlier * DeviationOfMedian * Distribution.Quantile(distances, 0.5);
        return new(
            stage, kind.Facts().Name, durations.Length, distribution.P50, distribution.Mean,
            distribution.Mean == 0 ? 0 : distribution.Deviation / distribution.Mean, distribution.P95, distances.Count(distance => distance > far));
    }
}

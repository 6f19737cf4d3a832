using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>How many replays took how long, in the profile's own unit: between two lengths, in parts that are as wide as each other.</summary>
/// <param name="Least" example="27.1">The shortest replay.</param>
/// <param name="Most" example="29.3">The longest.</param>
/// <param name="Counts">The replays of each part, first to last: together all of them. One part where all replays take as long.</param>
internal sealed record HistogramAnswer(decimal Least, decimal Most, IReadOnlyList<int> Counts)
{
    /// <summary>The histogram of replays.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="lengths">What each took, in ticks.</param>
    public static HistogramAnswer Of(Problem problem, double[] lengths)
    {
        var histogram = Histogram.Of(lengths);
        return new(problem.TimeScale.FromReal(histogram.Least), problem.TimeScale.FromReal(histogram.Most), histogram.Counts);
    }
}

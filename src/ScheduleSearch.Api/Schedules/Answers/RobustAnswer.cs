using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>
/// What a schedule takes in the scenarios of <c>options.noise</c>, in the profile's own unit. They are drawn by a seed that follows from the problem, and the
/// mean of each duration over them is that of the noise.
/// </summary>
/// <param name="Statistic" example="mean">What is searched: <c>mean</c> or <c>p95</c>.</param>
/// <param name="Value" example="28.1">The statistic, by which the schedule is judged.</param>
/// <param name="Mean" example="28.1">The mean of the scenarios.</param>
/// <param name="P95" example="29.4">What 95 % of the scenarios do not exceed.</param>
/// <param name="Planned" example="27">The objective of the same order at the profile's durations.</param>
/// <param name="Scenarios" example="32">The number of scenarios.</param>
internal sealed record RobustAnswer(string Statistic, decimal Value, decimal Mean, decimal P95, decimal Planned, int Scenarios)
{
    /// <summary>What is answered of a solution; null where durations do not vary.</summary>
    public static RobustAnswer? Of(Solution solution)
    {
        if (solution.Scenarios is not { } figures) return null;
        var problem = solution.Problem;
        return new RobustAnswer(
            ProfileJson.NameOf(figures.Statistic), Time(figures.Value), Time(figures.Distribution.Mean), Time(figures.Distribution.P95),
            problem.TimeScale.FromTicks(solution.Metrics.Objective), Core.Evaluation.Scenarios.Count);

        decimal Time(double ticks) => problem.TimeScale.FromReal(ticks);
    }
}

using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>What the replays of an order took, in the profile's own unit.</summary>
/// <param name="Name" example="zb-h1">The family, or the method that found the schedule.</param>
/// <param name="Planned" example="27">Makespan or span at the profile's durations.</param>
/// <param name="Mean" example="27.8">The mean.</param>
/// <param name="Deviation" example="0.4">The standard deviation of a replay.</param>
/// <param name="StandardError" example="0.01">The standard deviation of the mean: what is left to chance of it.</param>
/// <param name="P50" example="27.8">The median.</param>
/// <param name="P95" example="28.5">What 95 % of the replays do not exceed.</param>
/// <param name="P99" example="28.8">What 99 % of the replays do not exceed.</param>
/// <param name="Histogram">How many replays took how long.</param>
/// <param name="Slower" example="0.93">Of a family, the share of replays in which it takes longer than the schedule.</param>
internal sealed record EvaluatedOrderAnswer(
    string Name, decimal Planned, decimal Mean, decimal Deviation, decimal StandardError, decimal P50, decimal P95, decimal P99,
    HistogramAnswer Histogram, double? Slower)
{
    /// <summary>What the replays of an order took.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="order">The order.</param>
    /// <param name="schedule">The schedule that it stands beside; null where it is that one.</param>
    public static EvaluatedOrderAnswer Of(Problem problem, EvaluatedOrder order, EvaluatedOrder? schedule)
    {
        var distribution = order.Distribution;
        return new EvaluatedOrderAnswer(
            order.Name, problem.TimeScale.FromTicks(order.Planned), Time(distribution.Mean), Time(distribution.Deviation), Time(distribution.StandardError),
            Time(distribution.P50), Time(distribution.P95), Time(distribution.P99), HistogramAnswer.Of(problem, order.Lengths),
            schedule is null ? null : order.ShareSlowerThan(schedule));

        decimal Time(double ticks) => problem.TimeScale.FromReal(ticks);
    }
}

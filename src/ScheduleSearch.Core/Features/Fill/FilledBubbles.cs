using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>How much of the work that fills bubbles costs nothing, in the unit of the profile's times.</summary>
/// <param name="Work">The work of each device.</param>
/// <param name="Free">
/// What of it stands in bubbles: all but the time by which the device takes longer than the same orders without any such work take in all.
/// </param>
/// <param name="Without">The objective of those.</param>
public sealed record FilledBubbles(ImmutableArray<decimal> Work, ImmutableArray<decimal> Free, decimal Without)
{
    /// <summary>Measures a timeline by replaying its orders without the pieces; null where there are none.</summary>
    public static FilledBubbles? Of(Timeline timeline)
    {
        var (schedule, problem) = (timeline.Schedule, timeline.Schedule.Problem);
        if (problem.Fill.IsEmpty) return null;
        var unfilled = new Problem(problem.Profile with { Fill = null }, problem.Objective, problem.SplitBackward, problem.Catalogue);
        var orders = Enumerable.Range(0, problem.Devices)
            .Select(device => schedule.AllOn(device).Where(operation => operation.Facts.IsOfMicrobatch).ToArray()).ToArray();
        var without = unfilled.TimeScale.FromTicks(ScheduleMetrics.Of(Replay.Run(Schedule.Of(unfilled, orders))).Objective);
        var work = Enumerable.Range(0, problem.Devices).Select(device => problem.TimeScale.FromTicks(problem.FillOn(device))).ToImmutableArray();
        return new FilledBubbles(work, [.. work.Select((time, device) => Math.Max(0, time - Math.Max(0, LengthOf(timeline, device) - without)))], without);
    }

    /// <summary>The time from the begin of the iteration, or for the span of the device's own, to its last end.</summary>
    private static decimal LengthOf(Timeline timeline, int device)
    {
        var problem = timeline.Schedule.Problem;
        var order = timeline.Schedule.OrderOf(device);
        var begin = problem.Objective == Objective.Span ? timeline.StartOf(order[0]) : 0;
        return problem.TimeScale.FromTicks(timeline.EndOf(order[^1]) - begin);
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// Idle ticks of a device by what it waits for. Together they are the ticks of its <see cref="IdleTime"/>, which tells them apart by phase.
/// </summary>
/// <param name="Input">Until another device has computed the output that the next operation takes.</param>
/// <param name="Gradient">Until another device has computed the gradient that the next operation takes.</param>
/// <param name="Communication">While what the next operation takes is on its way.</param>
/// <param name="Finished">After its last operation, until the end.</param>
public readonly record struct WaitingTime(long Input, long Gradient, long Communication, long Finished)
{
    /// <summary>All of them.</summary>
    public long Total => Input + Gradient + Communication + Finished;

    /// <summary>What each device waits for, within the makespan, or within the longest span from its own start where that is the objective.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="metrics">Its metrics.</param>
    public static WaitingTime[] Of(Timeline timeline, ScheduleMetrics metrics) =>
        [.. Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(device => On(timeline, device, metrics.Objective))];

    private static WaitingTime On(Timeline timeline, int device, long length)
    {
        var order = timeline.Schedule.OrderOf(device);
        var begin = timeline.Schedule.Problem.Objective == Objective.Makespan ? 0 : timeline.StartOf(order[0]);
        var (waited, idleSince) = (default(WaitingTime), begin);
        foreach (var operation in order)
        {
            var gap = timeline.StartOf(operation) - idleSince;
            if (gap > 0) waited = waited.With(gap, timeline, operation);
            idleSince = timeline.EndOf(operation);
        }

        return waited with { Finished = begin + length - idleSince };
    }

    /// <summary>These and a gap before an operation, by what came last of all that the operation takes.</summary>
    private WaitingTime With(long gap, Timeline timeline, int operation)
    {
        var (ready, underway, source) = (long.MinValue, 0L, operation);
        foreach (var (dependency, lag) in timeline.Graph.DependenciesOf(operation))
        {
            if (timeline.EndOf(dependency) + lag <= ready) continue;
            (ready, underway, source) = (timeline.EndOf(dependency) + lag, lag, dependency);
        }

        var facts = timeline.Graph.Operations[source].Facts;
        // A message is on its way from its own start.
        if (facts.Role == OperationRole.Message) underway += timeline.EndOf(source) - timeline.StartOf(source);
        var communication = Math.Min(gap, underway);
        return facts.RunsUpward
            ? this with { Input = Input + gap - communication, Communication = Communication + communication }
            : this with { Gradient = Gradient + gap - communication, Communication = Communication + communication };
    }
}

using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>What a rank does from the first start of a step to its last end, in milliseconds. Together it is the length of the step.</summary>
/// <param name="Work" example="850">It computes.</param>
/// <param name="Before" example="40">Before its first operation.</param>
/// <param name="Input" example="55">While another rank computes what its next operation takes.</param>
/// <param name="Message" example="3.4">While what its next operation takes is on its way, as long as the profile's latency says.</param>
/// <param name="Late" example="12">Everything that its next operation takes is there, and it does not begin.</param>
/// <param name="After" example="30">After its last operation.</param>
public sealed record TimeUse(double Work, double Before, double Input, double Message, double Late, double After)
{
    /// <summary>The length of the step.</summary>
    public double Total => Work + Before + Input + Message + Late + After;

    /// <summary>What a device does in a timeline. Cost: linear in its operations.</summary>
    /// <param name="timeline">A timeline in milliseconds.</param>
    /// <param name="device">The device.</param>
    /// <param name="end">The last end of all devices, in ticks.</param>
    internal static TimeUse Of(Timeline timeline, int device, long end)
    {
        var (graph, scale) = (timeline.Graph, timeline.Schedule.Problem.TimeScale);
        var order = timeline.Schedule.OrderOf(device);
        var (work, input, message, late) = (0L, 0L, 0L, 0L);
        var begin = timeline.StartOf(order[0]);
        var free = begin;
        foreach (var operation in order)
        {
            var (made, there) = (0L, 0L);
            foreach (var (dependency, lag) in graph.DependenciesOf(operation))
            {
                made = Math.Max(made, timeline.EndOf(dependency));
                there = Math.Max(there, timeline.EndOf(dependency) + lag);
            }

            var start = timeline.StartOf(operation);
            var (until, arrived) = (Math.Clamp(made, free, start), Math.Clamp(there, free, start));
            input += until - free;
            message += arrived - until;
            late += start - arrived;
            work += graph.Durations[operation];
            free = timeline.EndOf(operation);
        }

        return new(Time(work), Time(begin), Time(input), Time(message), Time(late), Time(end - free));

        double Time(long ticks) => (double)scale.FromTicks(ticks);
    }
}

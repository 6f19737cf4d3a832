using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>Where a step lost time against its own order with the profile's durations, in milliseconds.</summary>
/// <param name="Total" example="14.2">By how much it was longer; below 0 where it was shorter.</param>
/// <param name="Ranks">What each rank did.</param>
/// <param name="Kinds">What operations took, by stage and kind.</param>
/// <param name="Longest">The operations that took most beyond their median, at most 10.</param>
/// <param name="Latest">The operations that began latest though everything was there, at most 10.</param>
public sealed record StepLosses(
    double Total, IReadOnlyList<RankLoss> Ranks, IReadOnlyList<KindLoss> Kinds, IReadOnlyList<OperationLoss> Longest, IReadOnlyList<OperationLoss> Latest)
{
    private const int MostListed = 10;

    /// <summary>Where a step lost time. Cost: that of sorting its operations.</summary>
    /// <param name="timelines">The step.</param>
    /// <param name="ranks">The rank of each device.</param>
    public static StepLosses Of(StepTimelines timelines, IReadOnlyList<int> ranks)
    {
        var (recorded, planned) = (timelines.Recorded, timelines.Medians);
        var (end, plannedEnd, ready) = (EndOf(recorded), EndOf(planned), ReadyIn(recorded));
        var scale = recorded.Schedule.Problem.TimeScale;
        var operations = Enumerable.Range(0, recorded.Graph.Count).Select(LossOf).ToList();
        return new(
            Time(end - plannedEnd),
            [.. ranks.Select((rank, device) => new RankLoss(rank, TimeUse.Of(recorded, device, end), TimeUse.Of(planned, device, plannedEnd)))],
            [.. operations.GroupBy(one => (one.Stage, one.Op)).Select(kind => new KindLoss(
                kind.Key.Stage, kind.Key.Op, kind.Sum(one => one.Duration), kind.Sum(one => one.Duration - one.Excess)))
                .OrderBy(kind => kind.Stage)],
            [.. operations.Where(one => one.Excess > 0).OrderByDescending(one => one.Excess).Take(MostListed)],
            [.. operations.Where(one => one.Late > 0).OrderByDescending(one => one.Late).Take(MostListed)]);

        OperationLoss LossOf(int index)
        {
            var (graph, operation) = (recorded.Graph, recorded.Graph.Operations[index]);
            var median = planned.Graph.Durations[planned.Graph.IndexOf(operation)];
            return new(
                ranks[graph.DeviceOf(index)], operation.Stage, operation.Facts.Name, operation.Microbatch, Time(recorded.StartOf(index)),
                Time(graph.Durations[index]), Time(graph.Durations[index] - median), Time(Math.Max(0, recorded.StartOf(index) - ready[index])));
        }

        double Time(long ticks) => (double)scale.FromTicks(ticks);
    }

    private static long EndOf(Timeline timeline) => Enumerable.Range(0, timeline.Graph.Count).Max(timeline.EndOf);

    /// <summary>For each operation, when its rank was free and everything that it takes was there.</summary>
    private static long[] ReadyIn(Timeline timeline)
    {
        var ready = new long[timeline.Graph.Count];
        for (var lane = 0; lane < timeline.Graph.Lanes.Count; lane++)
        {
            var free = 0L;
            foreach (var operation in timeline.Schedule.OrderOf(lane))
            {
                ready[operation] = free;
                foreach (var (dependency, lag) in timeline.Graph.DependenciesOf(operation))
                    ready[operation] = Math.Max(ready[operation], timeline.EndOf(dependency) + lag);
                free = timeline.EndOf(operation);
            }
        }

        return ready;
    }
}

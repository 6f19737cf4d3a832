using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>
/// The operations that the length of a schedule follows from, each of which starts as soon as the one before it, and its message, let it: as long as none of
/// them takes less time, the order does not either. Times are in the profile's own unit.
/// </summary>
/// <param name="Revision" example="5f1d7a84c0e2b396">The name of the schedule.</param>
/// <param name="Objective" example="makespan">What the schedule is judged by: <c>makespan</c>, whose path is as long as it; or <c>span</c>, whose path may
/// lead to another device's first operation.</param>
/// <param name="TimeUnit" example="ms">The unit of all times.</param>
/// <param name="Length" example="27">From the start of the first to the end of the last.</param>
/// <param name="LimitedBy">What devices are idle for most, in one sentence.</param>
/// <param name="Time">The time of the path in operations, by kind.</param>
/// <param name="Devices">The time of the path in operations, by device.</param>
/// <param name="Communication" example="0">The time of the path between operations, in which something is on its way.</param>
/// <param name="Operations">The operations, first to last.</param>
internal sealed record CriticalPathAnswer(
    string? Revision, string Objective, string TimeUnit, decimal Length, string LimitedBy, IReadOnlyDictionary<string, decimal> Time,
    IReadOnlyList<decimal> Devices, decimal Communication, IReadOnlyList<CriticalOperation> Operations)
{
    /// <summary>The most operations of a path that is answered along with something else.</summary>
    private const int MostAlong = 1_000;

    /// <summary>The critical path of a schedule; null where it is too long to be answered along with something else. Cost: linear in its operations.</summary>
    public static CriticalPathAnswer? Short(Solution solution, string? revision) =>
        Of(solution, revision) is { Operations.Count: <= MostAlong } path ? path : null;

    /// <summary>The critical path of a schedule. Cost: linear in its operations.</summary>
    /// <param name="solution">The schedule.</param>
    /// <param name="revision">Its name; null for none.</param>
    public static CriticalPathAnswer Of(Solution solution, string? revision)
    {
        var (timeline, problem) = (solution.Timeline, solution.Problem);
        var operations = OperationsOf(timeline);
        return new CriticalPathAnswer(
            revision,
            ProfileJson.NameOf(problem.Objective),
            problem.Profile.Times.Unit.ToString(),
            operations[^1].Operation.End - operations[0].Operation.Start,
            IdleAnalysis.Of(timeline, solution.Metrics).LimitedBy,
            operations.GroupBy(step => step.Operation.Op).ToDictionary(kind => kind.Key, kind => kind.Sum(step => step.Time)),
            [.. Enumerable.Range(0, problem.Devices).Select(device => operations.Where(step => step.Device == device).Sum(step => step.Time))],
            operations.Sum(step => step.Lag),
            operations);
    }

    private static List<CriticalOperation> OperationsOf(Timeline timeline)
    {
        var (graph, time) = (timeline.Graph, timeline.Schedule.Problem.TimeScale);
        var (reasons, backwards) = (new StartReasons(timeline), BackwardsOfPairs(timeline));
        var (found, lag) = (new List<CriticalOperation>(), 0L);
        foreach (var step in CriticalPath.Of(timeline, reasons))
        {
            lag += step.Lag;
            if (graph.LaneOf[step.Operation] == OperationGraph.NoLane)
            {
                // What all devices wait for together is nothing that one of them does.
                lag += graph.Durations[step.Operation];
                continue;
            }

            var first = reasons.TimedAs(step.Operation);
            int? second = backwards.TryGetValue(first, out var backward) ? backward : null;
            found.Add(new CriticalOperation(graph.DeviceOf(first), time.FromTicks(lag), OperationAnswer.Of(timeline, first, second)));
            lag = 0;
        }

        return found;
    }

    /// <summary>The backward of each pair by its forward.</summary>
    private static Dictionary<int, int> BackwardsOfPairs(Timeline timeline)
    {
        var backwards = new Dictionary<int, int>();
        if (timeline.Graph.Selection.Pairs.Count == 0) return backwards;
        for (var device = 0; device < timeline.Schedule.Problem.Devices; device++)
        {
            var order = timeline.Schedule.OrderOf(device);
            for (var position = 0; position < order.Length; position++)
            {
                if (timeline.Graph.Operations[order[position]].BeginsPair) backwards.Add(order[position], order[position + 1]);
            }
        }

        return backwards;
    }
}

using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// How urgent each operation of a schedule is while every lane keeps its order: what it may be late by at no cost, and how much hangs on it. Both follow from
/// longest paths to the end, as in the critical path method (Kelley and Walker, 1959).
/// </summary>
internal sealed class OperationSlack
{
    /// <summary>The date of what has none, directly or by what waits for it.</summary>
    internal const long Never = long.MaxValue / 4;

    private readonly OperationGraph _graph;
    private readonly LaneSequence _lanes;

    /// <summary>Cost: linear in the operations and dependencies.</summary>
    public OperationSlack(Timeline timeline)
        : this(timeline, new LaneSequence(timeline.Schedule))
    {
    }

    /// <summary>As the other, where the operations are in sequence already.</summary>
    public OperationSlack(Timeline timeline, LaneSequence lanes)
    {
        (_graph, _lanes) = (timeline.Graph, lanes);
        Deadlines = DeadlinesOf(timeline);
        LatestEnds = EndsBefore(Deadlines);
        Ticks = [.. Enumerable.Range(0, _graph.Count).Select(operation => LatestEnds[operation] - timeline.EndOf(operation))];
    }

    /// <summary>
    /// For each operation the ticks by which it alone may start later, or by which it may take longer, while all others take what they do, without the
    /// objective or a deadline being missed. Under the span devices begin when they do in the schedule.
    /// </summary>
    public ImmutableArray<long> Ticks { get; }

    /// <summary>
    /// For each operation the ticks at which it must have ended by itself: on a device with the objective, and where it has a date of its own.
    /// </summary>
    public long[] Deadlines { get; }

    /// <summary>For each operation the ticks at which it must have ended so that it and all that waits for it keep their deadlines.</summary>
    public long[] LatestEnds { get; }

    /// <summary>
    /// For each operation the ticks of the longest path from its start to the end of the iteration, through what waits for it and what its lane does after it.
    /// Along a lane it never grows. Cost: linear in the operations and dependencies.
    /// </summary>
    public ImmutableArray<long> Priorities()
    {
        // With all dates at 0 the latest start of an operation is minus its path.
        var latest = EndsBefore(new long[_graph.Count]);
        return [.. Enumerable.Range(0, _graph.Count).Select(operation => _graph.Durations[operation] - latest[operation])];
    }

    private long[] EndsBefore(long[] deadlines)
    {
        var latest = (long[])deadlines.Clone();
        for (var place = _lanes.Operations.Length - 1; place >= 0; place--)
        {
            var operation = _lanes.Operations[place];
            var start = latest[operation] - _graph.Durations[operation];
            if (_lanes.PreviousOnLane(operation) is >= 0 and var previous) latest[previous] = Math.Min(latest[previous], start);
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation)) latest[dependency] = Math.Min(latest[dependency], start - lag);
        }

        return latest;
    }

    private static long[] DeadlinesOf(Timeline timeline)
    {
        var (graph, schedule, metrics) = (timeline.Graph, timeline.Schedule, ScheduleMetrics.Of(timeline));
        var deadlines = new long[graph.Count];
        Array.Fill(deadlines, Never);
        for (var device = 0; device < metrics.Busy.Length; device++)
        {
            var order = schedule.OrderOf(device);
            foreach (var operation in order)
                deadlines[operation] = metrics.Objective + (schedule.Problem.Objective == Objective.Span ? timeline.StartOf(order[0]) : 0);
        }

        foreach (var date in graph.DueDates) deadlines[date.Operation] = Math.Min(deadlines[date.Operation], date.End);
        return deadlines;
    }
}

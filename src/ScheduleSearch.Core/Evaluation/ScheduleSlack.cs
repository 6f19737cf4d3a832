using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// What of a schedule may take longer at the profile's durations without its objective or a deadline being missed. Under the makespan so much costs nothing
/// and a tick more does; under the span devices begin when they do in the schedule, so that a tick more may cost nothing either where beginning later helps.
/// </summary>
public sealed class ScheduleSlack
{
    private readonly Timeline _timeline;
    private readonly OperationGraph _graph;
    private readonly LaneSequence _lanes;
    private readonly GraphLinks _links;
    private readonly OperationSlack _operations;

    /// <summary>Cost: linear in the operations and dependencies, for each device and link that has any slack a few times.</summary>
    public ScheduleSlack(Timeline timeline)
    {
        (_timeline, _graph) = (timeline, timeline.Graph);
        (_lanes, _links) = (new LaneSequence(timeline.Schedule), new GraphLinks(_graph));
        _operations = new OperationSlack(timeline, _lanes);
        Devices = [.. Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(OfDevice)];
        Links = [.. Enumerable.Range(0, _links.All.Count).Select(OfLink)];
    }

    /// <summary>How much longer each operation may take while all others take what they do, by its index in the graph.</summary>
    public ImmutableArray<long> Operations => _operations.Ticks;

    /// <summary>The slack of each device.</summary>
    public ImmutableArray<Slack> Devices { get; }

    /// <summary>The slack of each link, in the order of <see cref="Evaluated.Links"/>.</summary>
    public ImmutableArray<Slack> Links { get; }

    private Slack OfDevice(int device)
    {
        var once = OperationSlack.Never;
        foreach (var operation in _timeline.Schedule.OrderOf(device)) once = Math.Min(once, Operations[operation]);
        return new Slack(once, EachOf(once, operation => _graph.LaneOf[operation] == device, (_, _) => false));
    }

    private Slack OfLink(int link)
    {
        var once = OperationSlack.Never;
        for (var operation = 0; operation < _graph.Count; operation++)
        {
            if (_links.OfOperation(operation) == link) once = Math.Min(once, Operations[operation]);
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation))
            {
                if (_links.OfEdge(dependency, operation) == link)
                    once = Math.Min(once, _operations.LatestEnds[operation] - _graph.Durations[operation] - lag - _timeline.EndOf(dependency));
            }
        }

        return new Slack(once, EachOf(once, operation => _links.OfOperation(operation) == link, (from, to) => _links.OfEdge(from, to) == link));
    }

    /// <summary>
    /// The most that all of some may take longer at once. Each path that is too late gives the extension at which it just is not, which is smaller: Newton's
    /// method on a convex function of straight pieces, from above.
    /// </summary>
    private long EachOf(long most, Func<int, bool> isExtended, Func<int, int, bool> isExtendedBetween)
    {
        while (most > 0 && Latest(most, isExtended, isExtendedBetween) is { } late) most = (most * late.Count - late.Lateness) / late.Count;
        return most;
    }

    /// <summary>By how much the operation is late that is so most, and how many extensions lead to it; null when none is late.</summary>
    private (long Lateness, long Count)? Latest(long extension, Func<int, bool> isExtended, Func<int, int, bool> isExtendedBetween)
    {
        var (ends, counts) = (new long[_graph.Count], new long[_graph.Count]);
        (long Lateness, long Count)? latest = null;
        foreach (var operation in _lanes.Operations)
        {
            var (start, count) = (ReleaseOf(operation), 0L);
            if (_lanes.PreviousOnLane(operation) is >= 0 and var previous && ends[previous] > start) (start, count) = (ends[previous], counts[previous]);
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation))
            {
                var isLonger = isExtendedBetween(dependency, operation);
                var ready = ends[dependency] + lag + (isLonger ? extension : 0);
                if (ready > start) (start, count) = (ready, counts[dependency] + (isLonger ? 1 : 0));
            }

            var isOwn = isExtended(operation);
            ends[operation] = start + _graph.Durations[operation] + (isOwn ? extension : 0);
            counts[operation] = count + (isOwn ? 1 : 0);
            var lateness = ends[operation] - _operations.Deadlines[operation];
            if (lateness > 0 && (latest is null || lateness > latest.Value.Lateness)) latest = (lateness, counts[operation]);
        }

        return latest;
    }

    private bool IsSpan => _timeline.Schedule.Problem.Objective == Objective.Span;

    private long ReleaseOf(int operation) =>
        IsSpan && _lanes.PreviousOnLane(operation) < 0 && _graph.LaneOf[operation] is >= 0 and var lane && _graph.IsCompute(lane)
            ? _timeline.StartOf(operation)
            : 0;
}

using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// Why each operation of a timeline starts when it does. The second of a pair starts with the first, though as a step of its own it takes its time at
/// the end: what decided the start of the first decided that of both.
/// </summary>
public sealed class StartReasons
{
    private readonly Timeline _timeline;
    private readonly LaneSequence _lanes;

    /// <summary>Reads the orders of a timeline. Cost: linear in the operations.</summary>
    public StartReasons(Timeline timeline) => (_timeline, _lanes) = (timeline, new LaneSequence(timeline.Schedule));

    /// <summary>The operation whose start and end an operation has: the first of its pair, or itself.</summary>
    public int TimedAs(int operation) => _timeline.Graph.Operations[operation].EndsPair ? _lanes.PreviousOnLane(operation) : operation;

    /// <summary>
    /// The operation whose end decided when an operation starts, and the ticks from that end to the start: the one before it on its lane when that
    /// ends just then, else one that it depends on. Null when none did: it is one of the first, or a first of its device that is held back for the span.
    /// Of a run, the one of them that ended last, however long before.
    /// </summary>
    public Dependency? Of(int operation)
    {
        var timed = TimedAs(operation);
        var start = _timeline.StartOf(timed);
        var previous = _lanes.PreviousOnLane(timed);
        if (_timeline.IsRecorded) return LastBefore(start, previous, _timeline.Graph.DependenciesOf(timed));
        if (previous >= 0 && _timeline.EndOf(previous) == start) return new Dependency(previous, 0);
        foreach (var dependency in _timeline.Graph.DependenciesOf(timed))
        {
            if (_timeline.EndOf(dependency.Operation) + dependency.Lag == start) return dependency;
        }

        return null;
    }

    /// <summary>The last to end of those that an operation has to wait for. Clocks that differ may have one of them end after its start.</summary>
    private Dependency? LastBefore(long start, int previous, ReadOnlySpan<Dependency> dependencies)
    {
        Dependency? last = previous >= 0 ? new Dependency(previous, start - _timeline.EndOf(previous)) : null;
        foreach (var (operation, _) in dependencies)
        {
            var since = start - _timeline.EndOf(operation);
            if (since >= 0 && (last is not { } known || since < known.Lag)) last = new Dependency(operation, since);
        }

        return last;
    }
}

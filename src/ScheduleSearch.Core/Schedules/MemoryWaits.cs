using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// When a device waits for memory: operations are ready, all that they take from others is there, and it has room for none of them. Gaps are asked for in
/// the order of the device. Cost: that of sorting its operations, for all gaps together.
/// </summary>
internal sealed class MemoryWaits
{
    private readonly Timeline _timeline;
    private readonly int[] _order;
    private readonly long[] _ready;
    private readonly int[] _byReady;

    /// <summary>Positions that are ready, those that take the least first; some of them are past.</summary>
    private readonly PriorityQueue<int, long> _waiting = new();

    private long _room;
    private int _position;
    private int _next;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="device">The device, whose memory is limited.</param>
    public MemoryWaits(Timeline timeline, int device)
    {
        var graph = timeline.Graph;
        (_timeline, _order, _room) = (timeline, timeline.Schedule.OrderOf(device).ToArray(), timeline.Schedule.Problem.LimitOf(device));
        _ready = Array.ConvertAll(_order, ReadyTime);
        // The second of a pair starts with the first and never by itself.
        _byReady = [.. Enumerable.Range(0, _order.Length).Where(position => !graph.Operations[_order[position]].EndsPair)];
        Array.Sort(Array.ConvertAll(_byReady, position => _ready[position]), _byReady);
    }

    /// <summary>Whether there is anything to wait for.</summary>
    public static bool AreIn(Problem problem) => !problem.Limit.IsEmpty;

    /// <summary>The part of a gap in which the device waits for memory, from its begin to its end; empty where both are the same.</summary>
    /// <param name="position">The position in the order of the operation that ends the gap; not less than at the call before.</param>
    /// <param name="from">Where the gap begins.</param>
    /// <param name="to">Where it ends.</param>
    public (long From, long To) In(int position, long from, long to)
    {
        for (; _position < position; _position++)
            _room += _timeline.Graph.Released[_order[_position]] - _timeline.Graph.Acquired[_order[_position]];
        for (; _next < _byReady.Length && _ready[_byReady[_next]] <= from; _next++) Admit();
        while (_waiting.TryPeek(out var past, out _) && past < position) _waiting.Dequeue();
        if (_waiting.TryPeek(out _, out var least) && least <= _room) return (from, from);

        var begin = _waiting.Count > 0 ? from : to;
        for (; _next < _byReady.Length && _ready[_byReady[_next]] < to; _next++)
        {
            var ready = _ready[_byReady[_next]];
            begin = Math.Min(begin, ready);
            if (TakenBy(_byReady[_next]) <= _room) return (begin, ready);
            Admit();
        }

        return (begin, to);
    }

    private void Admit() => _waiting.Enqueue(_byReady[_next], TakenBy(_byReady[_next]));

    private long TakenBy(int position) => _timeline.Graph.Acquired[_order[position]];

    private long ReadyTime(int operation)
    {
        var ready = 0L;
        foreach (var (dependency, lag) in _timeline.Graph.DependenciesOf(operation)) ready = Math.Max(ready, _timeline.EndOf(dependency) + lag);
        return ready;
    }
}

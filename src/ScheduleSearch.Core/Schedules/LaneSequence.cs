using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>The operations of a schedule in one order that respects both their dependencies and the order of every lane.</summary>
internal sealed class LaneSequence
{
    private const int None = -1;

    private readonly OperationGraph _graph;
    private readonly int[] _sequence;
    private readonly int[] _previousOnLane;

    /// <exception cref="DeadlockException">There is no such order.</exception>
    public LaneSequence(Schedule schedule)
    {
        Schedule = schedule;
        _graph = schedule.Graph;
        _previousOnLane = new int[_graph.Count];
        var nextOnLane = new int[_graph.Count];
        Array.Fill(_previousOnLane, None);
        Array.Fill(nextOnLane, None);
        for (var lane = 0; lane < _graph.Lanes.Count; lane++)
        {
            var order = schedule.OrderOf(lane);
            for (var position = 1; position < order.Length; position++)
            {
                _previousOnLane[order[position]] = order[position - 1];
                nextOnLane[order[position - 1]] = order[position];
            }
        }

        _sequence = Sort(nextOnLane);
        if (_sequence.Length < _graph.Count) throw new DeadlockException(Circle());
    }

    public Schedule Schedule { get; }

    /// <summary>All operations, each after what it waits for.</summary>
    public ReadOnlySpan<int> Operations => _sequence;

    /// <summary>The operation before this one on its lane; -1 when it is the first.</summary>
    public int PreviousOnLane(int operation) => _previousOnLane[operation];

    /// <summary>The start of every operation when each starts as early as it can.</summary>
    public long[] EarliestStarts()
    {
        var starts = new long[_graph.Count];
        foreach (var operation in _sequence)
        {
            var previous = _previousOnLane[operation];
            var start = previous == None ? 0 : starts[previous] + _graph.Durations[previous];
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation))
                start = Math.Max(start, starts[dependency] + _graph.Durations[dependency] + lag);
            starts[operation] = start;
        }

        return starts;
    }

    private int[] Sort(int[] nextOnLane)
    {
        var waiting = new int[_graph.Count];
        var sequence = new int[_graph.Count];
        var found = 0;
        for (var operation = 0; operation < waiting.Length; operation++)
        {
            waiting[operation] = _graph.DependenciesOf(operation).Length + (_previousOnLane[operation] == None ? 0 : 1);
            if (waiting[operation] == 0) sequence[found++] = operation;
        }

        for (var done = 0; done < found; done++)
        {
            var operation = sequence[done];
            foreach (var (dependent, _) in _graph.DependentsOf(operation))
            {
                if (--waiting[dependent] == 0) sequence[found++] = dependent;
            }

            if (nextOnLane[operation] is var next and not None && --waiting[next] == 0) sequence[found++] = next;
        }

        return found == sequence.Length ? sequence : sequence[..found];
    }

    /// <summary>Each operation waits for the next one, and the last one for the first.</summary>
    private List<Operation> Circle()
    {
        var reached = _sequence.ToHashSet();
        var path = new List<int>();
        var positions = new Dictionary<int, int>();
        var operation = FirstBlocked(reached);
        while (positions.TryAdd(operation, path.Count))
        {
            path.Add(operation);
            operation = Blocker(operation, reached);
        }

        return path[positions[operation]..].ConvertAll(index => _graph.Operations[index]);
    }

    private int FirstBlocked(HashSet<int> reached) =>
        Enumerable.Range(0, _graph.Lanes.Count).SelectMany(lane => Schedule.OrderOf(lane).ToArray()).First(operation => !reached.Contains(operation));

    private int Blocker(int operation, HashSet<int> reached)
    {
        foreach (var (dependency, _) in _graph.DependenciesOf(operation))
        {
            if (!reached.Contains(dependency)) return dependency;
        }

        return _previousOnLane[operation];
    }
}

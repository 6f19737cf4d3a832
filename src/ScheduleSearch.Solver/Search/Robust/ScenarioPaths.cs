using System.Numerics;
using System.Runtime.InteropServices;
using ScheduleSearch.Core.Evaluation;

namespace ScheduleSearch.Solver.Search.Robust;

/// <summary>
/// The cost of an order over all scenarios while the operations of a window change places. What comes before the window has fixed ends in each scenario
/// (heads), what comes after it fixed longest paths to the end (tails), and some paths pass by the window: so the window alone is replayed, and the cost is
/// exactly that of the whole order; under the span no less than that, since a device counts from its release though it may begin later in a scenario.
/// </summary>
/// <remarks>
/// A window is cut by start at the profile's durations, so what is before it waits for nothing in it, whatever operations take: that follows from the
/// dependencies and the orders of the lanes.
/// </remarks>
internal sealed class ScenarioPaths(SearchGraph graph, Window window, ScenarioReplay replay) : IWindowPaths
{
    /// <summary>Operations of a plain replay that one in all scenarios costs as much as.</summary>
    private const int Effort = 6;

    private const int None = -1;
    private const double Rounding = 1e-9;

    private readonly bool[] _isAfter = new bool[graph.Count];
    private readonly int[] _previousOnLane = new int[graph.Count];
    private readonly int[] _nextOnLane = new int[graph.Count];
    private readonly double[] _tails = new double[graph.Count * Scenarios.Count];
    private readonly double[] _avoiding = new double[graph.Count * Scenarios.Count];
    private readonly double[] _releases = new double[graph.LaneCount * Scenarios.Count];
    private readonly double[] _laneExits = new double[graph.LaneCount * Scenarios.Count];
    private readonly double[] _others = new double[Scenarios.Count];
    private readonly double[] _lengths = new double[Scenarios.Count];
    private readonly int[] _next = new int[graph.LaneCount];
    private readonly int[] _ready = new int[graph.LaneCount];
    private readonly int[] _nextWaiting = new int[graph.LaneCount];
    private int[] _lane = [];
    private int[] _waitingFor = [];
    private bool[] _isDone = [];
    private bool[] _isCritical = [];
    private double[] _heads = [];
    private double[] _exits = [];
    private double[] _durations = [];
    private double[] _ends = [];
    private double[] _trial = [];
    private int _turn;

    /// <inheritdoc/>
    public int[] Sequence { get; private set; } = [];

    /// <inheritdoc/>
    public ReadOnlySpan<int> Lane => _lane;

    /// <inheritdoc/>
    public long Cost { get; private set; }

    /// <inheritdoc/>
    public long Visited { get; private set; }

    /// <inheritdoc/>
    public void Begin(Arrangement order, long[] tails)
    {
        Grow(window.Count);
        if (replay.Run(order.Orders, replay.Dates) is null) throw new InvalidOperationException("The order to be annealed deadlocks.");
        Visited += 3L * Effort * graph.Count;
        for (var lane = 0; lane < graph.LaneCount; lane++) _lane.AsSpan(window.First[lane]..window.First[lane + 1]).Fill(lane);
        for (var place = 0; place < window.Count; place++)
        {
            Sequence[place] = place;
            replay.Times.DurationOf(window.Operation[place]).CopyTo(_durations.AsSpan(place * Scenarios.Count));
        }

        FindTails(order);
        FindBorders(order);
        FindOthers(order);
        Cost = Replay() ?? throw new InvalidOperationException("The order to be annealed deadlocks.");
        (_ends, _trial) = (_trial, _ends);
        FindCritical();
    }

    /// <inheritdoc/>
    public bool IsCritical(int place) => _isCritical[place];

    /// <inheritdoc/>
    public bool TryMove(int from, int to, long threshold)
    {
        Shift(from, to);
        if (Replay() is { } cost && cost <= threshold)
        {
            Cost = cost;
            (_ends, _trial) = (_trial, _ends);
            FindCritical();
            return true;
        }

        Shift(to, from);
        return false;
    }

    private static Span<Vector<double>> VectorsOf(double[] numbers, int index) =>
        MemoryMarshal.Cast<double, Vector<double>>(numbers.AsSpan(index * Scenarios.Count, Scenarios.Count));

    private void Shift(int from, int to)
    {
        var moved = Sequence[from];
        if (from < to) Array.Copy(Sequence, from + 1, Sequence, from, to - from);
        else Array.Copy(Sequence, to, Sequence, to + 1, from - to);
        Sequence[to] = moved;
    }

    /// <summary>For what comes after the window the longest path from each end to the end of the order.</summary>
    private void FindTails(Arrangement order)
    {
        Array.Clear(_isAfter);
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            var next = None;
            for (var position = order.Orders[lane].Length - 1; position >= window.EndOf(lane); position--)
            {
                var operation = order.Orders[lane][position];
                (_isAfter[operation], _nextOnLane[operation], next) = (true, next, operation);
            }
        }

        for (var turn = graph.Count - 1; turn >= 0; turn--)
        {
            var operation = replay.Sequence[turn];
            if (!_isAfter[operation]) continue;
            var tail = VectorsOf(_tails, operation);
            var next = _nextOnLane[operation];
            for (var vector = 0; vector < ScenarioReplay.Vectors; vector++)
            {
                var longest = next == None ? new Vector<double>(replay.Dates.Delivery[graph.Lane[operation]]) : Reach(next, vector);
                foreach (var (other, lag) in graph.AfterElsewhere.Of(operation))
                    longest = Vector.Max(longest, replay.After(operation, other, lag, Reach(other, vector), vector));
                tail[vector] = longest;
            }
        }
    }

    /// <summary>The longest path from the start of what comes after the window to the end of the order.</summary>
    private Vector<double> Reach(int operation, int vector) =>
        MemoryMarshal.Cast<double, Vector<double>>(replay.Times.DurationOf(operation))[vector] + VectorsOf(_tails, operation)[vector];

    /// <summary>What the window's operations and lanes have before and after it.</summary>
    private void FindBorders(Arrangement order)
    {
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            var (operations, begin, end) = (order.Orders[lane], window.BeginOf(lane), window.EndOf(lane));
            var release = VectorsOf(_releases, lane);
            var exit = VectorsOf(_laneExits, lane);
            for (var vector = 0; vector < ScenarioReplay.Vectors; vector++)
            {
                release[vector] = begin == 0
                    ? new Vector<double>(replay.Dates.Release[lane])
                    : replay.Ends[operations[begin - 1] * ScenarioReplay.Vectors + vector];
                exit[vector] = end == operations.Length ? new Vector<double>(replay.Dates.Delivery[lane]) : Reach(operations[end], vector);
            }
        }

        for (var place = 0; place < window.Count; place++)
        {
            var operation = window.Operation[place];
            var head = VectorsOf(_heads, place);
            var exit = VectorsOf(_exits, place);
            head.Clear();
            exit.Fill(new Vector<double>(double.NegativeInfinity));
            for (var vector = 0; vector < ScenarioReplay.Vectors; vector++)
            {
                foreach (var (other, lag) in graph.BeforeElsewhere.Of(operation))
                {
                    if (window.PlaceOf(other) is not null) continue;
                    head[vector] = Vector.Max(
                        head[vector], replay.After(other, operation, lag, replay.Ends[other * ScenarioReplay.Vectors + vector], vector));
                }

                foreach (var (other, lag) in graph.AfterElsewhere.Of(operation))
                {
                    if (window.PlaceOf(other) is not null) continue;
                    exit[vector] = Vector.Max(exit[vector], replay.After(operation, other, lag, Reach(other, vector), vector));
                }
            }
        }
    }

    /// <summary>The longest paths that pass by the window.</summary>
    private void FindOthers(Arrangement order)
    {
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            var (operations, begin, end) = (order.Orders[lane], window.BeginOf(lane), window.EndOf(lane));
            for (var position = end; position < operations.Length; position++)
                _previousOnLane[operations[position]] = position > 0 && (position > end || begin == end) ? operations[position - 1] : None;
        }

        foreach (var operation in replay.Sequence)
        {
            if (!_isAfter[operation]) continue;
            var lane = graph.Lane[operation];
            var own = VectorsOf(_avoiding, operation);
            var previous = _previousOnLane[operation];
            for (var vector = 0; vector < ScenarioReplay.Vectors; vector++)
            {
                var start = previous == None ? new Vector<double>(double.NegativeInfinity) : EndBy(previous, vector);
                if (previous == None && window.BeginOf(lane) == window.EndOf(lane)) start = new Vector<double>(replay.Dates.Release[lane]);
                foreach (var (input, lag) in graph.BeforeElsewhere.Of(operation))
                {
                    if (window.PlaceOf(input) is null) start = Vector.Max(start, replay.After(input, operation, lag, EndBy(input, vector), vector));
                }

                own[vector] = start + MemoryMarshal.Cast<double, Vector<double>>(replay.Times.DurationOf(operation))[vector];
            }
        }

        var others = VectorsOf(_others, 0);
        others.Fill(new Vector<double>(double.NegativeInfinity));
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            var operations = order.Orders[lane];
            if (operations.Length == 0 || window.PlaceOf(operations[^1]) is not null) continue;
            for (var vector = 0; vector < ScenarioReplay.Vectors; vector++)
                others[vector] = Vector.Max(others[vector], EndBy(operations[^1], vector) + new Vector<double>(replay.Dates.Delivery[lane]));
        }

        Vector<double> EndBy(int operation, int vector) =>
            _isAfter[operation] ? VectorsOf(_avoiding, operation)[vector] : replay.Ends[operation * ScenarioReplay.Vectors + vector];
    }

    /// <summary>Replays the window in the present sequence.</summary>
    /// <returns>The cost; null when the sequence deadlocks.</returns>
    private long? Replay()
    {
        var count = window.Count;
        Visited += Effort * (long)count;
        Array.Clear(_isDone, 0, count);
        Array.Fill(_waitingFor, None, 0, count);
        _others.CopyTo(_lengths, 0);
        var (ready, left) = (0, count);
        for (var lane = graph.LaneCount - 1; lane >= 0; lane--)
        {
            _next[lane] = window.First[lane];
            if (window.First[lane] < window.First[lane + 1]) _ready[ready++] = lane;
        }

        while (ready > 0)
        {
            var lane = _ready[--ready];
            left -= Advance(lane, ref ready);
        }

        return left == 0 ? replay.CostOf(_lengths) : null;
    }

    private int Advance(int lane, ref int ready)
    {
        var ends = MemoryMarshal.Cast<double, Vector<double>>(_trial.AsSpan());
        var durations = MemoryMarshal.Cast<double, Vector<double>>(_durations.AsSpan());
        var heads = MemoryMarshal.Cast<double, Vector<double>>(_heads.AsSpan());
        var exits = MemoryMarshal.Cast<double, Vector<double>>(_exits.AsSpan());
        var lengths = MemoryMarshal.Cast<double, Vector<double>>(_lengths.AsSpan());
        var (vectors, done, last) = (ScenarioReplay.Vectors, 0, window.First[lane + 1]);
        for (; _next[lane] < last; _next[lane]++, done++)
        {
            var (slot, place) = (_next[lane], Sequence[_next[lane]]);
            var inputs = window.Inputs.Of(place);
            foreach (var (input, _) in inputs)
            {
                if (_isDone[input]) continue;
                _nextWaiting[lane] = _waitingFor[input];
                _waitingFor[input] = lane;
                return done;
            }

            var operation = window.Operation[place];
            var free = slot == window.First[lane] ? VectorsOf(_releases, lane) : ends.Slice(Sequence[slot - 1] * vectors, vectors);
            for (var vector = 0; vector < vectors; vector++)
            {
                var start = Vector.Max(free[vector], heads[place * vectors + vector]);
                foreach (var (input, lag) in inputs)
                    start = Vector.Max(start, replay.After(window.Operation[input], operation, lag, ends[input * vectors + vector], vector));
                var end = start + durations[place * vectors + vector];
                ends[place * vectors + vector] = end;
                lengths[vector] = Vector.Max(lengths[vector], end + exits[place * vectors + vector]);
                if (slot == last - 1) lengths[vector] = Vector.Max(lengths[vector], end + VectorsOf(_laneExits, lane)[vector]);
            }

            _isDone[place] = true;
            for (var waiting = _waitingFor[place]; waiting != None; waiting = _nextWaiting[waiting]) _ready[ready++] = waiting;
            _waitingFor[place] = None;
        }

        return done;
    }

    /// <summary>Finds the places on the longest path of one scenario, another one at each call; none where that path passes by the window.</summary>
    private void FindCritical()
    {
        Array.Clear(_isCritical, 0, window.Count);
        var scenario = _turn++ % Scenarios.Count;
        var (longest, last) = (_others[scenario], None);
        for (var slot = 0; slot < window.Count; slot++)
        {
            var (place, lane) = (Sequence[slot], _lane[slot]);
            var after = _exits[place * Scenarios.Count + scenario];
            if (slot + 1 == window.First[lane + 1]) after = Math.Max(after, _laneExits[lane * Scenarios.Count + scenario]);
            if (_ends[place * Scenarios.Count + scenario] + after > longest) (longest, last) = (_ends[place * Scenarios.Count + scenario] + after, slot);
        }

        while (last != None)
        {
            var place = Sequence[last];
            _isCritical[place] = true;
            last = Before(last, place, scenario);
        }
    }

    private int Before(int slot, int place, int scenario)
    {
        var start = (_ends[place * Scenarios.Count + scenario] - _durations[place * Scenarios.Count + scenario]) * (1 - Rounding);
        if (slot > window.First[_lane[slot]] && _ends[Sequence[slot - 1] * Scenarios.Count + scenario] >= start) return slot - 1;
        foreach (var (input, lag) in window.Inputs.Of(place))
        {
            if (_isCritical[input]) continue;
            var delay = replay.IsDelayed(window.Operation[input], window.Operation[place]) ? replay.Times.DelayOf(window.Operation[input])[scenario] : 0;
            if (_ends[input * Scenarios.Count + scenario] + lag + delay >= start) return Array.IndexOf(Sequence, input, window.First[_lane[input]]);
        }

        return None;
    }

    private void Grow(int count)
    {
        if (Sequence.Length >= count) return;
        var size = 2 * count;
        (Sequence, _lane, _waitingFor) = (new int[size], new int[size], new int[size]);
        (_isDone, _isCritical) = (new bool[size], new bool[size]);
        (_heads, _exits, _durations) = (new double[size * Scenarios.Count], new double[size * Scenarios.Count], new double[size * Scenarios.Count]);
        (_ends, _trial) = (new double[size * Scenarios.Count], new double[size * Scenarios.Count]);
    }
}

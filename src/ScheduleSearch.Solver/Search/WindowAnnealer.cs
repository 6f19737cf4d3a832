namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Simulated annealing on the operations of a window: an operation moves a few places along its lane, memory is checked by a running sum,
/// only the window is replayed. The threshold of acceptance is drawn before the replay, which stops as soon as it is passed.
/// </summary>
internal sealed class WindowAnnealer
{
    private const int None = -1;
    private const long Open = long.MinValue;
    private const int FarthestMove = 12;

    private readonly SearchGraph _graph;
    private readonly Window _window;
    private readonly int[] _next;
    private readonly int[] _ready;
    private readonly int[] _nextWaiting;
    private readonly long[] _free;
    private int[] _sequence = [];
    private int[] _best = [];
    private int[] _laneOf = [];
    private int[] _waitingFor = [];
    private long[] _ends = [];
    private long[] _held = [];

    public WindowAnnealer(SearchGraph graph)
    {
        _graph = graph;
        _window = new Window(graph);
        _next = new int[graph.LaneCount];
        _ready = new int[graph.LaneCount];
        _nextWaiting = new int[graph.LaneCount];
        _free = new long[graph.LaneCount];
    }

    /// <summary>Operations replayed since the annealer was made: its measure of work.</summary>
    public long Replayed { get; private set; }

    /// <summary>Anneals a stretch of an order, which it changes in place when that lowers the longest path through the stretch, or leaves it equal.</summary>
    /// <param name="order">The order, with earliest starts.</param>
    /// <param name="tails">For each operation the longest path from its end to the end, deliveries included.</param>
    /// <param name="windows">How lane times make the cost.</param>
    /// <param name="stretch">Start and end of the stretch.</param>
    /// <param name="moves">Moves to try.</param>
    /// <param name="temperature">Ticks by which a move may typically lengthen the path at first; falls to 0.</param>
    /// <param name="random">Draws the moves.</param>
    public void Run(
        Arrangement order, long[] tails, LaneWindows windows, (long Begin, long End) stretch, int moves, double temperature, Random random)
    {
        _window.Cut(order, tails, windows, stretch.Begin, stretch.End);
        if (_window.Count < 2) return;
        Begin();
        var cost = Replay(long.MaxValue)!.Value;
        var best = cost;
        for (var move = 0; move < moves; move++)
        {
            var place = random.Next(_window.Count);
            var lane = _laneOf[place];
            var distance = 1 + random.Next(1 + random.Next(FarthestMove));
            var target = random.Next(2) == 0 ? place - distance : place + distance;
            target = Math.Clamp(target, _window.First[lane], _window.First[lane + 1] - 1);
            if (target == place || !MayMove(lane, place, target)) continue;
            var cooling = temperature * (moves - move) / moves;
            var threshold = cost - (long)(cooling * Math.Log(1 - random.NextDouble()));
            Shift(place, target);
            if (Replay(threshold) is not { } changed)
            {
                Shift(target, place);
                continue;
            }

            UpdateHeld(lane, place, target);
            cost = changed;
            if (cost > best) continue;
            best = cost;
            _sequence.AsSpan(0, _window.Count).CopyTo(_best);
        }

        _window.Restore(_best, order);
    }

    private void Begin()
    {
        var count = _window.Count;
        if (_sequence.Length < count)
        {
            (_sequence, _best, _laneOf, _waitingFor) = (new int[2 * count], new int[2 * count], new int[2 * count], new int[2 * count]);
            (_ends, _held) = (new long[2 * count], new long[2 * count]);
            Array.Fill(_waitingFor, None);
        }

        for (var place = 0; place < count; place++) _sequence[place] = _best[place] = place;
        for (var lane = 0; lane < _graph.LaneCount; lane++)
        {
            _laneOf.AsSpan(_window.First[lane].._window.First[lane + 1]).Fill(lane);
            if (_window.First[lane] < _window.First[lane + 1]) UpdateHeld(lane, _window.First[lane], _window.First[lane + 1] - 1);
        }
    }

    /// <summary>Whether an operation may move along its lane: it passes nothing that it waits for or that waits for it, and memory holds.</summary>
    private bool MayMove(int lane, int place, int target)
    {
        var moved = Operation(place);
        var step = target > place ? 1 : -1;
        for (var at = place + step; at != target + step; at += step)
        {
            if (AreOrdered(moved, Operation(at))) return false;
        }

        var limit = _graph.Limit[lane];
        if (limit == long.MaxValue) return true;
        var kept = _graph.Acquired[moved] - _graph.Released[moved];
        if (step < 0)
        {
            if (_held[target] + _graph.Acquired[moved] > limit) return false;
            for (var at = target; kept > 0 && at < place; at++)
            {
                if (_held[at] + kept + _graph.Acquired[Operation(at)] > limit) return false;
            }

            return true;
        }

        for (var at = place + 1; kept < 0 && at <= target; at++)
        {
            if (_held[at] - kept + _graph.Acquired[Operation(at)] > limit) return false;
        }

        var last = Operation(target);
        return _held[target] - kept + _graph.Acquired[last] - _graph.Released[last] + _graph.Acquired[moved] <= limit;
    }

    private bool AreOrdered(int one, int other)
    {
        if (_graph.Chain[one] == _graph.Chain[other]) return true;
        return IsBefore(one, other) || IsBefore(other, one);
    }

    private bool IsBefore(int one, int other)
    {
        var before = _graph.Before;
        for (var edge = before.First[other]; edge < before.First[other + 1]; edge++)
        {
            if (before.Operation[edge] == one) return true;
        }

        return false;
    }

    private void Shift(int from, int to)
    {
        var moved = _sequence[from];
        if (from < to) Array.Copy(_sequence, from + 1, _sequence, from, to - from);
        else Array.Copy(_sequence, to, _sequence, to + 1, from - to);
        _sequence[to] = moved;
    }

    private void UpdateHeld(int lane, int one, int other)
    {
        var (from, to) = one < other ? (one, other) : (other, one);
        for (var place = from; place <= to; place++)
        {
            if (place == _window.First[lane])
            {
                _held[place] = _window.Held[lane];
                continue;
            }

            var previous = Operation(place - 1);
            _held[place] = _held[place - 1] + _graph.Acquired[previous] - _graph.Released[previous];
        }
    }

    private int Operation(int place) => _window.Operation[_sequence[place]];

    /// <summary>The longest path through the window; null when it passes the threshold or the order deadlocks.</summary>
    private long? Replay(long threshold)
    {
        _ends.AsSpan(0, _window.Count).Fill(Open);
        var ready = 0;
        for (var lane = _graph.LaneCount - 1; lane >= 0; lane--)
        {
            _next[lane] = _window.First[lane];
            _free[lane] = _window.Release[lane];
            if (_next[lane] < _window.First[lane + 1]) _ready[ready++] = lane;
        }

        var (cost, done) = (long.MinValue, 0);
        while (ready > 0 && cost <= threshold) done += Advance(_ready[--ready], ref ready, ref cost, threshold);
        Replayed += done;
        if (done == _window.Count && cost <= threshold) return cost;
        _waitingFor.AsSpan(0, _window.Count).Fill(None);
        return null;
    }

    private int Advance(int lane, ref int ready, ref long cost, long threshold)
    {
        var done = 0;
        var free = _free[lane];
        for (; _next[lane] < _window.First[lane + 1]; _next[lane]++, done++)
        {
            var place = _sequence[_next[lane]];
            var start = Math.Max(free, _window.Head[place]);
            for (var edge = _window.FirstInput[place]; edge < _window.FirstInput[place + 1]; edge++)
            {
                var input = _window.Input[edge];
                if (_ends[input] == Open)
                {
                    _nextWaiting[lane] = _waitingFor[input];
                    _waitingFor[input] = lane;
                    _free[lane] = free;
                    return done;
                }

                start = Math.Max(start, _ends[input] + _window.InputLag[edge]);
            }

            free = start + _graph.Duration[_window.Operation[place]];
            _ends[place] = free;
            if (_window.Exit[place] != long.MinValue) cost = Math.Max(cost, free + _window.Exit[place]);
            for (var waiting = _waitingFor[place]; waiting != None; waiting = _nextWaiting[waiting]) _ready[ready++] = waiting;
            _waitingFor[place] = None;
            if (cost > threshold) return done;
        }

        _free[lane] = free;
        cost = Math.Max(cost, free + _window.LaneExit[lane]);
        return done;
    }
}

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// The longest paths through the operations of a window while its order changes: for each operation the earliest start and the longest
/// path after it. A move is first judged by the operations that it shifts alone, then only what it changes is updated, and a move that
/// lengthens the longest path too much is taken back.
/// </summary>
/// <remarks>
/// Places are those of the <see cref="Window"/>; slots are positions in the changing order, numbered alike. The paths through the shifted
/// operations, made from the starts before them and the tails after them, are those of the new order as long as none of these depends on
/// a shifted operation; where one does, the update after it finds the exact paths. This is the estimate of Taillard ("Parallel taboo search
/// techniques for the job shop scheduling problem", 1994). A move that makes a circle keeps raising starts until it is given up; where the whole
/// circle takes no time it raises none, and is found by its order before tails are handed round it for ever.
/// </remarks>
internal sealed class WindowPaths(SearchGraph graph, Window window) : IWindowPaths
{
    private readonly PlaceQueue _queue = new();
    private readonly List<(int Place, long Ticks)> _startLog = [];
    private readonly List<(int Place, long Ticks)> _tailLog = [];
    private readonly Stack<int> _reached = new();
    private readonly HashSet<int> _seen = [];
    private int[] _slot = [];
    private int[] _lane = [];
    private long[] _duration = [];
    private long[] _newStart = [];

    /// <summary>The place in each slot.</summary>
    public int[] Sequence { get; private set; } = [];

    /// <summary>The lane of each place, and of the slot of the same number.</summary>
    public ReadOnlySpan<int> Lane => _lane;

    /// <summary>The longest path through the window.</summary>
    public long Cost { get; private set; }

    /// <summary>Operations visited so far: the measure of work.</summary>
    public long Visited { get; private set; }

    /// <summary>The earliest start of each place.</summary>
    public long[] Start { get; private set; } = [];

    /// <summary>The longest path from each place's end to the end.</summary>
    public long[] Tail { get; private set; } = [];

    /// <summary>Begins with the order that the window was cut out of.</summary>
    /// <param name="order">That order, with earliest starts.</param>
    /// <param name="tails">For each operation the longest path from its end to the end, deliveries included.</param>
    public void Begin(Arrangement order, long[] tails)
    {
        Grow(window.Count);
        for (var lane = 0; lane < graph.LaneCount; lane++) _lane.AsSpan(window.First[lane]..window.First[lane + 1]).Fill(lane);
        for (var place = 0; place < window.Count; place++)
        {
            var operation = window.Operation[place];
            Sequence[place] = _slot[place] = place;
            _duration[place] = graph.Duration[operation];
            (Start[place], Tail[place]) = (order.Starts[operation], tails[operation]);
        }

        Cost = LongestPath();
    }

    /// <summary>Whether a place lies on a longest path.</summary>
    public bool IsCritical(int place) => Start[place] + _duration[place] + Tail[place] == Cost;

    /// <summary>Moves what is in one slot to another of the same lane, unless the longest path then passes a threshold or the order deadlocks.</summary>
    /// <returns>Whether it was moved.</returns>
    public bool TryMove(int from, int to, long threshold)
    {
        Shift(from, to);
        var (low, high) = from < to ? (from, to) : (to, from);
        if (EstimateStarts(low, high, threshold) && PropagateStarts(low, high, threshold) && !IsInCircle(Sequence[to]))
        {
            PropagateTails(low, high);
            var cost = LongestPath();
            if (cost <= threshold)
            {
                Cost = cost;
                _startLog.Clear();
                _tailLog.Clear();
                return true;
            }

            TakeBack(_tailLog, Tail);
        }

        TakeBack(_startLog, Start);
        Shift(to, from);
        return false;
    }

    /// <summary>Undoes changes, the last first: a place may have changed more than once.</summary>
    private static void TakeBack(List<(int Place, long Ticks)> log, long[] ticks)
    {
        for (var entry = log.Count - 1; entry >= 0; entry--) ticks[log[entry].Place] = log[entry].Ticks;
        log.Clear();
    }

    private void Shift(int from, int to)
    {
        var moved = Sequence[from];
        if (from < to) Array.Copy(Sequence, from + 1, Sequence, from, to - from);
        else Array.Copy(Sequence, to, Sequence, to + 1, from - to);
        Sequence[to] = moved;
        for (var slot = Math.Min(from, to); slot <= Math.Max(from, to); slot++) _slot[Sequence[slot]] = slot;
    }

    /// <summary>Whether the paths through the shifted operations alone stay within the threshold.</summary>
    private bool EstimateStarts(int low, int high, long threshold)
    {
        Visited += 2 * (high - low + 1);
        var lane = _lane[low];
        var free = low == window.First[lane] ? window.Release[lane] : End(Sequence[low - 1]);
        for (var slot = low; slot <= high; slot++)
        {
            var place = Sequence[slot];
            var start = Math.Max(free, InputsAt(place));
            _newStart[slot] = start;
            free = start + _duration[place];
        }

        var after = high + 1 == window.First[lane + 1] ? window.LaneExit[lane] : Reach(Sequence[high + 1]);
        for (var slot = high; slot >= low; slot--)
        {
            var place = Sequence[slot];
            var reach = Math.Max(after, OutputsAt(place)) + _duration[place];
            if (_newStart[slot] + reach > threshold) return false;
            after = reach;
        }

        return true;
    }

    private bool PropagateStarts(int low, int high, long threshold)
    {
        _queue.Clear();
        for (var slot = low; slot <= high; slot++) SetStart(Sequence[slot], _newStart[slot]);
        // What follows has another operation before it, even if that one did not change its time.
        if (high + 1 < window.First[_lane[low] + 1]) _queue.Add(Sequence[high + 1], Start[Sequence[high + 1]]);
        var left = 2 * window.Count;
        while (_queue.TryTake(out var place))
        {
            Visited++;
            if (--left < 0) return false;
            var start = Math.Max(FreeAt(place), InputsAt(place));
            if (start == Start[place]) continue;
            var slot = _slot[place];
            var isShifted = slot >= low && slot <= high;
            // What comes after an operation that was not shifted has not changed.
            if (!isShifted && start + _duration[place] + Tail[place] > threshold) return false;
            SetStart(place, start);
        }

        return true;
    }

    private void SetStart(int place, long start)
    {
        if (start == Start[place]) return;
        _startLog.Add((place, Start[place]));
        Start[place] = start;
        foreach (var (output, _) in window.Outputs.Of(place)) Enqueue(output);
        var next = _slot[place] + 1;
        if (next < window.First[_lane[place] + 1]) Enqueue(Sequence[next]);

        void Enqueue(int other) => _queue.Add(other, Start[other]);
    }

    /// <summary>
    /// Whether what was moved waits for itself though all starts are settled: every operation of such a circle takes no time, waits without lag
    /// and starts at the same tick. A move makes no circle without what it moves.
    /// </summary>
    private bool IsInCircle(int moved)
    {
        if (_duration[moved] > 0) return false;
        _seen.Clear();
        _reached.Clear();
        _reached.Push(moved);
        while (_reached.TryPop(out var place))
        {
            Visited++;
            var next = _slot[place] + 1;
            if (next < window.First[_lane[place] + 1]) Visit(Sequence[next]);
            foreach (var (output, lag) in window.Outputs.Of(place))
            {
                if (lag == 0) Visit(output);
            }
        }

        return _seen.Contains(moved);

        void Visit(int other)
        {
            if (_duration[other] == 0 && Start[other] == Start[moved] && _seen.Add(other)) _reached.Push(other);
        }
    }

    private void PropagateTails(int low, int high)
    {
        _queue.Clear();
        for (var slot = high; slot >= Math.Max(low - 1, window.First[_lane[low]]); slot--) _queue.Add(Sequence[slot], -Start[Sequence[slot]]);
        while (_queue.TryTake(out var place))
        {
            Visited++;
            var slot = _slot[place];
            var lane = _lane[place];
            var after = slot + 1 == window.First[lane + 1] ? window.LaneExit[lane] : Reach(Sequence[slot + 1]);
            var tail = Math.Max(after, OutputsAt(place));
            if (tail == Tail[place]) continue;
            _tailLog.Add((place, Tail[place]));
            Tail[place] = tail;
            foreach (var (input, _) in window.Inputs.Of(place)) Enqueue(input);
            if (slot > window.First[lane]) Enqueue(Sequence[slot - 1]);
        }

        void Enqueue(int other) => _queue.Add(other, -Start[other]);
    }

    private long FreeAt(int place)
    {
        var (slot, lane) = (_slot[place], _lane[place]);
        return slot == window.First[lane] ? window.Release[lane] : End(Sequence[slot - 1]);
    }

    private long InputsAt(int place)
    {
        var ready = window.Head[place];
        foreach (var (input, lag) in window.Inputs.Of(place)) ready = Math.Max(ready, End(input) + lag);
        return ready;
    }

    private long OutputsAt(int place)
    {
        var tail = window.Exit[place];
        foreach (var (output, lag) in window.Outputs.Of(place)) tail = Math.Max(tail, lag + Reach(output));
        return tail;
    }

    private long End(int place) => Start[place] + _duration[place];

    private long Reach(int place) => _duration[place] + Tail[place];

    private long LongestPath()
    {
        var longest = long.MinValue;
        for (var place = 0; place < window.Count; place++) longest = Math.Max(longest, Start[place] + _duration[place] + Tail[place]);
        return longest;
    }

    private void Grow(int count)
    {
        _queue.Grow(count);
        if (Sequence.Length >= count) return;
        var size = 2 * count;
        (Sequence, _slot, _lane) = (new int[size], new int[size], new int[size]);
        (Start, Tail, _duration, _newStart) = (new long[size], new long[size], new long[size], new long[size]);
    }
}

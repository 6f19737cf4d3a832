namespace ScheduleSearch.Solver.Search;

/// <summary>Times of an order on a <see cref="SearchGraph"/>, each operation as early as possible. Reuses its arrays from run to run.</summary>
internal sealed class OrderReplay
{
    private const int None = -1;
    private const long Open = long.MinValue;

    private readonly SearchGraph _graph;
    private readonly long[] _ends;
    private readonly int[] _next;
    private readonly int[] _ready;
    private readonly int[] _waitingFor;
    private readonly int[] _nextWaiting;

    public OrderReplay(SearchGraph graph)
    {
        _graph = graph;
        _ends = new long[graph.Count];
        _next = new int[graph.LaneCount];
        _ready = new int[graph.LaneCount];
        _nextWaiting = new int[graph.LaneCount];
        _waitingFor = new int[graph.Count];
        Starts = new long[graph.Count];
        LaneEnds = new long[graph.LaneCount];
        Array.Fill(_waitingFor, None);
    }

    /// <summary>The start of each operation of the last run.</summary>
    public long[] Starts { get; }

    /// <summary>The last end of each lane of the last run.</summary>
    public long[] LaneEnds { get; }

    /// <summary>Replays an order.</summary>
    /// <returns>Its cost; null when it deadlocks.</returns>
    public long? Run(int[][] orders, LaneDates dates)
    {
        Array.Fill(_ends, Open);
        Array.Clear(_next);
        var ready = 0;
        for (var lane = _graph.LaneCount - 1; lane >= 0; lane--)
        {
            _ready[ready++] = lane;
            LaneEnds[lane] = dates.Release[lane];
        }

        var left = _graph.Count;
        while (ready > 0) left -= Advance(_ready[--ready], orders, ref ready);
        if (left == 0) return _graph.Judged(dates.Cost(LaneEnds), Starts);
        Array.Fill(_waitingFor, None);
        return null;
    }

    /// <summary>Carries out a lane's operations until one waits for another lane.</summary>
    private int Advance(int lane, int[][] orders, ref int ready)
    {
        var before = _graph.BeforeElsewhere;
        var order = orders[lane];
        var (free, done) = (LaneEnds[lane], 0);
        for (; _next[lane] < order.Length; _next[lane]++, done++)
        {
            var operation = order[_next[lane]];
            var start = free;
            foreach (var (input, lag) in before.Of(operation))
            {
                var end = _ends[input];
                if (end == Open)
                {
                    _nextWaiting[lane] = _waitingFor[input];
                    _waitingFor[input] = lane;
                    LaneEnds[lane] = free;
                    return done;
                }

                start = Math.Max(start, end + lag);
            }

            Starts[operation] = start;
            free = start + _graph.Duration[operation];
            _ends[operation] = free;
            for (var waiting = _waitingFor[operation]; waiting != None; waiting = _nextWaiting[waiting]) _ready[ready++] = waiting;
            _waitingFor[operation] = None;
        }

        LaneEnds[lane] = free;
        return done;
    }
}

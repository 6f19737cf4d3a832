namespace ScheduleSearch.Solver.Search;

/// <summary>
/// The operations that start within a stretch of time, cut out of an order so that their own order can be changed and judged without
/// replaying the rest: what comes before has fixed ends (heads), what comes after has fixed longest paths to the end (tails).
/// </summary>
/// <remarks>
/// The cut is by start, so what is before the window waits for nothing in it, and nothing in it waits for what comes after it. Any order of
/// the window's operations that respects their own dependencies can therefore be carried out, and the largest end + exit over them is the
/// longest path that touches the window. Operations are numbered by their place in the cut; lane l holds the places from
/// <see cref="First"/>[l] up to <see cref="First"/>[l + 1].
/// </remarks>
internal sealed class Window
{
    private const int Outside = -1;

    private readonly SearchGraph _graph;
    private readonly int[] _place;
    private readonly int[] _from;

    public Window(SearchGraph graph)
    {
        _graph = graph;
        _place = new int[graph.Count];
        Array.Fill(_place, Outside);
        _from = new int[graph.LaneCount];
        First = new int[graph.LaneCount + 1];
        Release = new long[graph.LaneCount];
        LaneExit = new long[graph.LaneCount];
        Held = new long[graph.LaneCount];
        Done = new int[graph.Chains.Length];
    }

    /// <summary>The number of operations in the window.</summary>
    public int Count { get; private set; }

    /// <summary>First place of each lane.</summary>
    public int[] First { get; }

    /// <summary>The operation at each place, as cut.</summary>
    public int[] Operation { get; private set; } = [];

    /// <summary>When each lane is free for the window.</summary>
    public long[] Release { get; }

    /// <summary>Memory held on each lane before the window.</summary>
    public long[] Held { get; }

    /// <summary>How many operations of each chain come before the window.</summary>
    public int[] Done { get; }

    /// <summary>Longest path from the end of a lane's last window operation, along the lane, to the end.</summary>
    public long[] LaneExit { get; }

    /// <summary>When each operation's inputs from before the window are there.</summary>
    public long[] Head { get; private set; } = [];

    /// <summary>
    /// Longest path from each operation's end, by what waits for it on other lanes after the window, to the end; long.MinValue when
    /// nothing does.
    /// </summary>
    public long[] Exit { get; private set; } = [];

    /// <summary>What each place waits for on other lanes within the window.</summary>
    public PlaceEdges Inputs { get; } = new();

    /// <summary>What waits for each place on other lanes within the window.</summary>
    public PlaceEdges Outputs { get; } = new();

    /// <summary>Cuts the operations that start from <paramref name="begin"/> on and before <paramref name="end"/>.</summary>
    /// <param name="order">The order, with earliest starts.</param>
    /// <param name="tails">For each operation the longest path from its end to the end, deliveries included.</param>
    /// <param name="dates">How lane times make the cost.</param>
    /// <param name="begin">Start of the stretch.</param>
    /// <param name="end">End of the stretch.</param>
    public void Cut(Arrangement order, long[] tails, LaneDates dates, long begin, long end)
    {
        Forget();
        Place(order, begin, end);
        for (var lane = 0; lane < _graph.LaneCount; lane++) Border(order, tails, dates, lane);
        for (var place = 0; place < Count; place++) Connect(order, tails, place);
    }

    /// <summary>The place of an operation; null when it is not in the window.</summary>
    public int? PlaceOf(int operation) => _place[operation] is >= 0 and var place ? place : null;

    /// <summary>The position on a lane at which the window begins.</summary>
    public int BeginOf(int lane) => _from[lane];

    /// <summary>The position on a lane after the window.</summary>
    public int EndOf(int lane) => _from[lane] + First[lane + 1] - First[lane];

    /// <summary>Writes an order of the window's places back.</summary>
    public void Restore(int[] sequence, Arrangement order)
    {
        for (var lane = 0; lane < _graph.LaneCount; lane++)
        {
            for (var place = First[lane]; place < First[lane + 1]; place++)
                order.Orders[lane][_from[lane] + place - First[lane]] = Operation[sequence[place]];
        }
    }

    private void Forget()
    {
        for (var place = 0; place < Count; place++) _place[Operation[place]] = Outside;
        Inputs.Clear();
        Outputs.Clear();
    }

    private void Place(Arrangement order, long begin, long end)
    {
        Count = 0;
        for (var lane = 0; lane < _graph.LaneCount; lane++)
        {
            var operations = order.Orders[lane];
            var from = FirstFrom(operations, order.Starts, begin);
            var to = Math.Max(from, FirstFrom(operations, order.Starts, end));
            (_from[lane], First[lane]) = (from, Count);
            Grow(Count + to - from + 1);
            for (var position = from; position < to; position++)
            {
                Operation[Count] = operations[position];
                _place[operations[position]] = Count++;
            }
        }

        First[_graph.LaneCount] = Count;
    }

    private void Border(Arrangement order, long[] tails, LaneDates dates, int lane)
    {
        var operations = order.Orders[lane];
        var (from, to) = (_from[lane], _from[lane] + First[lane + 1] - First[lane]);
        Release[lane] = from == 0 ? dates.Release[lane] : order.Starts[operations[from - 1]] + _graph.Duration[operations[from - 1]];
        LaneExit[lane] = to == operations.Length ? dates.Delivery[lane] : _graph.Duration[operations[to]] + tails[operations[to]];
        var held = 0L;
        foreach (var chain in _graph.LaneChains[lane]) Done[chain] = 0;
        foreach (var operation in operations.AsSpan(0, from))
        {
            held += _graph.Acquired[operation] - _graph.Released[operation];
            Done[_graph.Chain[operation]]++;
        }

        Held[lane] = held;
    }

    private void Connect(Arrangement order, long[] tails, int place)
    {
        var operation = Operation[place];
        var head = 0L;
        foreach (var (other, lag) in _graph.BeforeElsewhere.Of(operation))
        {
            if (_place[other] == Outside) head = Math.Max(head, order.Starts[other] + _graph.Duration[other] + lag);
            else Inputs.Add(_place[other], lag);
        }

        var exit = long.MinValue;
        foreach (var (other, lag) in _graph.AfterElsewhere.Of(operation))
        {
            if (_place[other] == Outside) exit = Math.Max(exit, lag + _graph.Duration[other] + tails[other]);
            else Outputs.Add(_place[other], lag);
        }

        Inputs.Close();
        Outputs.Close();
        (Head[place], Exit[place]) = (head, exit);
    }

    private static int FirstFrom(int[] operations, long[] starts, long time)
    {
        var (low, high) = (0, operations.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (starts[operations[middle]] < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void Grow(int count)
    {
        if (count <= Operation.Length) return;
        var size = Math.Max(count, 2 * Operation.Length);
        var operation = Operation;
        Array.Resize(ref operation, size);
        (Operation, Head, Exit) = (operation, new long[size], new long[size]);
    }
}

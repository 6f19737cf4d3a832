using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>
/// The times of a window in steps of a grid, from its earliest release on. What lies between two steps is rounded down, so the model that
/// counts in them may find an order shorter than its replay does.
/// </summary>
internal sealed class WindowSteps
{
    private readonly SearchGraph _graph;
    private readonly Window _window;
    private readonly TimeGrid _grid;
    private readonly long _leastExit;

    /// <summary>Measures a window.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="window">The window, as cut.</param>
    /// <param name="grid">The steps.</param>
    /// <param name="starts">The start of each operation in the order that the window was cut from.</param>
    /// <param name="ofSpan">Whether the objective is the span.</param>
    public WindowSteps(SearchGraph graph, Window window, TimeGrid grid, long[] starts, bool ofSpan)
    {
        (_graph, _window, _grid) = (graph, window, grid);
        var places = Enumerable.Range(0, window.Count).ToList();
        var origin = places.Min(HeadOf);
        Duration = [.. places.Select(place => grid.StepsOf(graph.Duration[window.Operation[place]]))];
        Head = [.. places.Select(place => grid.StepsOf(HeadOf(place) - origin))];
        _leastExit = places.Min(place => Math.Min(LaneExitOf(place), window.Exit[place] == long.MinValue ? long.MaxValue : window.Exit[place]));
        LaneExit = [.. places.Select(place => grid.StepsOf(LaneExitOf(place) - _leastExit))];
        Exit = [.. places.Select(place => window.Exit[place] == long.MinValue ? (long?)null : grid.StepsOf(window.Exit[place] - _leastExit))];
        Starts = [.. Replay(places.OrderBy(place => starts[window.Operation[place]]).ToList())];
        Horizon = Cost = places.Max(place => Starts[place] + Duration[place] + Math.Max(LaneExit[place], Exit[place] ?? 0));
        if (ofSpan && window.Count == graph.Count) FreeFirstStarts();
    }

    /// <summary>Whether the whole order is in the window and its cost is the largest span, with first starts that are to be found as well.</summary>
    public bool IsSpan { get; private set; }

    public long[] Duration { get; }

    /// <summary>The least start of each operation by what comes before the window.</summary>
    public long[] Head { get; }

    /// <summary>What is left after each operation's lane.</summary>
    public long[] LaneExit { get; }

    /// <summary>What is left after each operation on other lanes; null when nothing waits for it there.</summary>
    public long?[] Exit { get; }

    /// <summary>The starts that the present order has.</summary>
    public long[] Starts { get; }

    /// <summary>The longest path through the window in its present order.</summary>
    public long Cost { get; private set; }

    /// <summary>The last step at which anything may end.</summary>
    public long Horizon { get; private set; }

    public long StepsOf(long lag) => _grid.StepsOf(lag);

    /// <summary>
    /// Nothing has passed the first device later than that device's span allows, and from its first forward on a device has a span left
    /// at most: twice the span is late enough.
    /// </summary>
    private void FreeFirstStarts()
    {
        IsSpan = true;
        Array.Clear(Head);
        Array.Clear(LaneExit);
        var begin = Starts.Min();
        for (var place = 0; place < Starts.Length; place++) Starts[place] -= begin;
        Cost = Enumerable.Range(0, _graph.LaneCount).Where(lane => _window.First[lane] < _window.First[lane + 1])
            .Max(lane => Starts[_window.First[lane + 1] - 1] + Duration[_window.First[lane + 1] - 1] - Starts[_window.First[lane]]);
        Horizon = Math.Max(2 * Cost, Enumerable.Range(0, _window.Count).Max(place => Starts[place] + Duration[place]));
    }

    private long HeadOf(int place) => Math.Max(_window.Head[place], _window.Release[_graph.Lane[_window.Operation[place]]]);

    private long LaneExitOf(int place) => _window.LaneExit[_graph.Lane[_window.Operation[place]]];

    private long[] Replay(List<int> places)
    {
        var starts = Head.ToArray();
        // In the order of starts one round settles all but operations of no duration that start together.
        for (var settled = false; !settled;)
        {
            settled = true;
            foreach (var place in places)
            {
                var start = Math.Max(starts[place], Ready(place, starts));
                settled &= start == starts[place];
                starts[place] = start;
            }
        }

        return starts;
    }

    private long Ready(int place, long[] starts)
    {
        var isFirst = place == _window.First[_graph.Lane[_window.Operation[place]]];
        var ready = isFirst ? 0 : starts[place - 1] + Duration[place - 1];
        foreach (var (input, lag) in _window.Inputs.Of(place)) ready = Math.Max(ready, starts[input] + Duration[input] + StepsOf(lag));

        return ready;
    }
}

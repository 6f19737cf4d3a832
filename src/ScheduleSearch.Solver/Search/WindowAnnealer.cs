namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Simulated annealing on the operations of a window: an operation moves a few places along its lane, memory is checked by a running sum,
/// only the window is replayed. The threshold of acceptance is drawn before the replay, which stops as soon as it is passed.
/// </summary>
internal sealed class WindowAnnealer
{
    private const int FarthestMove = 16;
    private const int MostTries = 8;

    private readonly SearchGraph _graph;
    private readonly IStepCheck? _check;
    private readonly Window _window;
    private readonly IWindowPaths _paths;
    private int[] _sequence = [];
    private int[] _best = [];
    private long[] _held = [];

    public WindowAnnealer(SearchGraph graph, IStepCheck? check = null)
        : this(graph, window => new WindowPaths(graph, window)) => _check = check;

    /// <param name="graph">The operations.</param>
    /// <param name="paths">Makes what says the cost of orders, of the window that is cut.</param>
    public WindowAnnealer(SearchGraph graph, Func<Window, IWindowPaths> paths)
    {
        _graph = graph;
        _window = new Window(graph);
        _paths = paths(_window);
    }

    /// <summary>Operations visited since the annealer was made: its measure of work.</summary>
    public long Visited => _paths.Visited;

    /// <summary>Anneals a stretch of an order, which it changes in place when that lowers the longest path through the stretch, or leaves it equal.</summary>
    /// <param name="order">The order, with earliest starts.</param>
    /// <param name="tails">For each operation the longest path from its end to the end, deliveries included.</param>
    /// <param name="dates">How lane times make the cost.</param>
    /// <param name="stretch">Start and end of the stretch.</param>
    /// <param name="moves">Moves to try.</param>
    /// <param name="temperature">Ticks by which a move may typically lengthen the path at first; falls to 0.</param>
    /// <param name="random">Draws the moves.</param>
    public void Run(
        Arrangement order, long[] tails, LaneDates dates, (long Begin, long End) stretch, int moves, double temperature, Random random)
    {
        _window.Cut(order, tails, dates, stretch.Begin, stretch.End);
        if (_window.Count < 2) return;
        _paths.Begin(order, tails);
        Begin();
        var best = _paths.Cost;
        for (var move = 0; move < moves; move++)
        {
            var slot = Pick(random);
            var lane = _paths.Lane[slot];
            var distance = 1 + random.Next(1 + random.Next(FarthestMove));
            var target = random.Next(2) == 0 ? slot - distance : slot + distance;
            target = Math.Clamp(target, _window.First[lane], _window.First[lane + 1] - 1);
            if (target == slot || !MayMove(lane, slot, target)) continue;
            var cooling = temperature * (moves - move) / moves;
            var threshold = _paths.Cost - (long)(cooling * Math.Log(1 - random.NextDouble()));
            var isMoved = _paths.TryMove(slot, target, threshold);
            if (isMoved) UpdateHeld(lane, slot, target);
            if (_check is not null && _paths is WindowPaths longest) _check.AfterMove(_graph, order, _window, longest, _held, dates);
            if (!isMoved || _paths.Cost >= best) continue;
            best = _paths.Cost;
            Remember();
        }

        if (_paths.Cost == best) Remember();
        _window.Restore(_best, order);
    }

    /// <summary>A slot at random, most often one on a longest path: no other move can shorten it.</summary>
    private int Pick(Random random)
    {
        var slot = random.Next(_window.Count);
        for (var tries = random.Next(MostTries); tries > 0 && !_paths.IsCritical(_sequence[slot]); tries--) slot = random.Next(_window.Count);
        return slot;
    }

    private void Begin()
    {
        var count = _window.Count;
        _sequence = _paths.Sequence;
        if (_held.Length < count) (_best, _held) = (new int[2 * count], new long[2 * count]);
        for (var lane = 0; lane < _graph.LaneCount; lane++)
        {
            if (_window.First[lane] < _window.First[lane + 1]) UpdateHeld(lane, _window.First[lane], _window.First[lane + 1] - 1);
        }

        Remember();
    }

    private void Remember() => _sequence.AsSpan(0, _window.Count).CopyTo(_best);

    /// <summary>Whether an operation may move along its lane: it passes nothing that it waits for or that waits for it, and memory holds.</summary>
    private bool MayMove(int lane, int place, int target)
    {
        var moved = Operation(place);
        var step = target > place ? 1 : -1;
        for (var at = place + step; at != target + step; at += step)
        {
            if (AreOrdered(moved, Operation(at)) || Delays(moved, Operation(at), step)) return false;
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

    /// <summary>Whether what has to be done in time would come after what has not, which it is before.</summary>
    private bool Delays(int moved, int passed, int step) => _graph.LatestStart is { } latest
        && (step < 0 ? latest[passed] < latest[moved] && latest[moved] == long.MaxValue : latest[moved] < latest[passed] && latest[passed] == long.MaxValue);

    private bool AreOrdered(int one, int other)
    {
        if (_graph.Chain[one] == _graph.Chain[other]) return true;
        return IsBefore(one, other) || IsBefore(other, one);
    }

    private bool IsBefore(int one, int other)
    {
        foreach (var (input, _) in _graph.Before.Of(other))
        {
            if (input == one) return true;
        }

        return false;
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
}

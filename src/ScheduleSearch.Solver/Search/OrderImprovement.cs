using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Search;

/// <summary>The moves that improve one order: compaction in both directions of time, and annealing of windows.</summary>
internal sealed class OrderImprovement
{
    private const int MovesPerOperation = 60;
    private const int LeastMoves = 4000;
    private const int OperationsPerLane = 24;
    // An operation visited by the annealer costs about as much as eight of a replay, which reads memory in order.
    private const long AnnealingCost = 8;

    private const int StrictRounds = 7;
    private const int FruitlessRounds = 40;
    private const double Worthwhile = 0.9998;

    private readonly OperationGraph _operations;
    private readonly SearchGraph _graph;
    private readonly Random _random;
    private readonly IStepCheck? _check;
    private readonly Compactor _forward;
    private readonly Compactor _backward;
    private readonly OrderReplay _replay;
    private readonly OrderReplay _replayBack;
    private readonly WindowAnnealer _annealer;
    private readonly Arrangement _mirror;
    private readonly Arrangement _trial;
    private readonly long[] _tails;
    private readonly long[]? _heads;
    private readonly double _meanDuration;
    private long _visited;
    private int _tightened;

    /// <param name="operations">The operations.</param>
    /// <param name="graph">The same in flat arrays.</param>
    /// <param name="random">Draws tolerances, stretches and moves.</param>
    /// <param name="check">Looks at every step; null in production.</param>
    public OrderImprovement(OperationGraph operations, SearchGraph graph, Random random, IStepCheck? check = null)
    {
        (_operations, _graph, _random, _check) = (operations, graph, random, check);
        _forward = new Compactor(graph, check);
        _backward = new Compactor(graph.Reversed, check);
        _replay = new OrderReplay(graph);
        _replayBack = new OrderReplay(graph.Reversed);
        _annealer = new WindowAnnealer(graph, check);
        (_mirror, _trial) = (new Arrangement(graph), new Arrangement(graph));
        _tails = new long[graph.Count];
        _heads = graph.LatestStart is null ? null : new long[graph.Count];
        _meanDuration = graph.Duration.Average();
        Dates = LaneDates.Open(graph.LaneCount);
    }

    /// <summary>How lane times make the cost.</summary>
    public LaneDates Dates { get; private set; }

    /// <summary>Operations visited so far: the measure of work.</summary>
    public long Visited => _visited + AnnealingCost * _annealer.Visited;

    /// <summary>Replays an order from scratch; under the span objective with the first starts that make its span least.</summary>
    public void Retime(Arrangement order)
    {
        if (_operations.Problem.Objective == Objective.Span)
        {
            var timeline = Replay.Run(new Schedule(_operations, order.Orders));
            Dates = LaneDates.From([.. order.Orders.Select(lane => lane is [var first, ..] ? timeline.StartOf(first) : 0)], _graph.DeviceCount);
            _visited += 10L * _graph.Count;
        }

        ReplayInPlace(order);
    }

    /// <summary>One round of compaction: on the time-reversed order, then forwards.</summary>
    /// <param name="order">The order, with earliest starts; takes the result.</param>
    /// <param name="tolerance">The largest part of an operation's own time by which it may overrun its gap.</param>
    public void Compact(Arrangement order, double tolerance)
    {
        var length = LengthOf(order);
        _mirror.TakeReversed(order.Orders, order.Starts, length);
        var cost = _backward.Run(_mirror.Orders, _mirror.Starts, Dates.Reversed, tolerance, _random, HeadsWithin(length));
        _mirror.TakeReversed(_backward.Orders, _backward.Starts, Length(cost));
        cost = _forward.Run(_mirror.Orders, _mirror.Starts, Dates, tolerance * _random.NextDouble(), _random);
        order.Take(_forward.Orders, _forward.Starts, cost);
        _visited += 6L * _graph.Count;
    }

    /// <summary>One round of compaction with a tolerance drawn at random, taken back when it makes the order worse.</summary>
    /// <param name="order">The order, with earliest starts; takes the result.</param>
    public void Tighten(Arrangement order)
    {
        _trial.Take(order);
        Compact(_trial, _tightened++ % StrictRounds == 0 ? 0 : _random.NextDouble());
        if (_trial.Cost <= order.Cost) order.Take(_trial);
    }

    /// <summary>Tightens an order for as long as that gains.</summary>
    /// <param name="order">The order, with earliest starts; takes the result.</param>
    /// <param name="isOver">Whether to stop early.</param>
    public void Settle(Arrangement order, Func<bool> isOver)
    {
        for (var fruitless = 0; fruitless < FruitlessRounds && !isOver(); fruitless++)
        {
            var before = order.Cost;
            Tighten(order);
            if (order.Cost < before * Worthwhile) fruitless = -1;
        }
    }

    /// <summary>Anneals one random stretch of an order, which is never made worse.</summary>
    /// <param name="order">The order, with earliest starts; takes the result.</param>
    /// <param name="heat">The highest temperature, in mean durations.</param>
    public void AnnealWindow(Arrangement order, double heat)
    {
        var length = DrawLength();
        Anneal(order, (long)(_random.NextDouble() * (LengthOf(order) + length)) - length, length, heat);
    }

    /// <summary>The same near the beginning or the end of an order: what lies between stays as it is.</summary>
    /// <param name="order">The order, with earliest starts; takes the result.</param>
    /// <param name="reach">Ticks from the beginning and from the end that count as near.</param>
    /// <param name="heat">The highest temperature, in mean durations.</param>
    public void AnnealEnds(Arrangement order, long reach, double heat)
    {
        var length = Math.Min(DrawLength(), reach);
        var begin = (long)(_random.NextDouble() * (reach - length));
        Anneal(order, _random.Next(2) == 0 ? begin : LengthOf(order) - reach + begin, length, heat);
    }

    private long DrawLength() => (long)(OperationsPerLane * _meanDuration * (0.3 + 1.7 * _random.NextDouble()));

    private void Anneal(Arrangement order, long begin, long length, double heat)
    {
        var tails = TailsOf(order);
        if (_heads is not null) _trial.Take(order);
        var moves = Math.Max(LeastMoves, MovesPerOperation * OperationsPerLane * _graph.LaneCount);
        _annealer.Run(order, tails, Dates, (begin, begin + length), moves, heat * _random.NextDouble() * _meanDuration, _random);
        ReplayInPlace(order);
        // What is annealed knows nothing of deadlines.
        if (_heads is not null && order.Cost > _trial.Cost) order.Take(_trial);
        _visited += _graph.Count;
    }

    /// <summary>For each operation of an order the longest path from its end to the end, deliveries included; the next call writes over it.</summary>
    public long[] TailsOf(Arrangement order)
    {
        _mirror.TakeReversed(order.Orders, order.Starts, LengthOf(order));
        _replayBack.Run(_mirror.Orders, Dates.Reversed);
        var least = Dates.Delivery.Min();
        for (var operation = 0; operation < _tails.Length; operation++) _tails[operation] = _replayBack.Starts[operation] + least;
        _visited += _graph.Count;
        return _tails;
    }

    private void ReplayInPlace(Arrangement order)
    {
        order.Cost = _replay.Run(order.Orders, Dates) ?? throw new ContradictionException("An improved order deadlocks.");
        _replay.Starts.CopyTo(order.Starts, 0);
        _check?.Retimed(_graph, order, Dates);
        _visited += _graph.Count;
    }

    /// <summary>The ticks before which nothing starts in the time-reversed order, for what has to be done in time not to end late.</summary>
    private long[]? HeadsWithin(long length)
    {
        if (_heads is null) return null;
        foreach (var (operation, end, _) in _graph.DueDates) _heads[operation] = Math.Max(0, length - Math.Min(length, end));
        return _heads;
    }

    /// <summary>The time from 0 to the last end that a cost stands for: deliveries may be negative.</summary>
    private long Length(long cost) => cost - Dates.Delivery.Min();

    /// <summary>The same of an order, whose cost may be more than its times come to where it misses deadlines.</summary>
    private long LengthOf(Arrangement order)
    {
        if (_heads is null) return Length(order.Cost);
        var length = 0L;
        foreach (var lane in order.Orders)
        {
            if (lane is [.., var last]) length = Math.Max(length, order.Starts[last] + _graph.Duration[last]);
        }

        return length;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search.Robust;

/// <summary>
/// The times of an order in all scenarios of a problem at once, each operation as early as possible: what <see cref="OrderReplay"/> is for one. Reuses its
/// arrays from run to run.
/// </summary>
internal sealed class ScenarioReplay
{
    private const int None = -1;

    private readonly SearchGraph _graph;
    private readonly Statistic _statistic;
    private readonly bool _isSpan;
    private readonly double[] _ends;
    private readonly double[] _lanes;
    private readonly double[] _begins;
    private readonly double[] _lengths = new double[Scenarios.Count];
    private readonly double[] _sorted = new double[Scenarios.Count];
    private readonly bool[] _isDone;
    private readonly int[] _next;
    private readonly int[] _ready;
    private readonly int[] _waitingFor;
    private readonly int[] _nextWaiting;
    private int _count;

    /// <param name="graph">The operations.</param>
    /// <param name="problem">What they are of, and judged by.</param>
    /// <param name="times">What they take in the scenarios.</param>
    public ScenarioReplay(SearchGraph graph, Problem problem, ScenarioTimes times)
    {
        (_graph, Times, _statistic, _isSpan) = (graph, times, problem.Robust!.Statistic, problem.Objective == Objective.Span);
        (_ends, _lanes) = (new double[graph.Count * Scenarios.Count], new double[graph.LaneCount * Scenarios.Count]);
        _begins = new double[graph.LaneCount * Scenarios.Count];
        (_isDone, _waitingFor, Sequence) = (new bool[graph.Count], new int[graph.Count], new int[graph.Count]);
        (_next, _ready, _nextWaiting) = (new int[graph.LaneCount], new int[graph.LaneCount], new int[graph.LaneCount]);
        Dates = LaneDates.Open(graph.LaneCount);
    }

    /// <summary>Vectors of the numbers of an operation, one for each scenario.</summary>
    public static int Vectors => Scenarios.Count / Vector<double>.Count;

    /// <summary>What operations take.</summary>
    public ScenarioTimes Times { get; }

    /// <summary>How lane times made the cost in the last run.</summary>
    public LaneDates Dates { get; private set; }

    /// <summary>The operations of the last run in an order in which they can run.</summary>
    public int[] Sequence { get; }

    /// <summary>The ends of the last run: by operation a number for each scenario.</summary>
    public ReadOnlySpan<Vector<double>> Ends => MemoryMarshal.Cast<double, Vector<double>>(_ends);

    /// <summary>The statistic of the last run, in ticks: what boards judge by.</summary>
    public long Value { get; private set; }

    /// <summary>Replays an order.</summary>
    /// <returns>Its cost by <see cref="CostOf"/>; null when it deadlocks.</returns>
    public long? Run(int[][] orders, LaneDates dates)
    {
        Dates = dates;
        Array.Clear(_isDone);
        Array.Clear(_next);
        Array.Fill(_waitingFor, None);
        var ready = _count = 0;
        for (var lane = _graph.LaneCount - 1; lane >= 0; lane--)
        {
            _ready[ready++] = lane;
            _lanes.AsSpan(lane * Scenarios.Count, Scenarios.Count).Fill(dates.Release[lane]);
        }

        while (ready > 0) Advance(_ready[--ready], orders[_ready[ready]], ref ready);
        if (_count < _graph.Count) return null;
        _lengths.AsSpan().Fill(double.NegativeInfinity);
        for (var device = 0; device < _graph.DeviceCount; device++)
        {
            for (var scenario = 0; scenario < Scenarios.Count; scenario++)
            {
                var (begin, end) = (_begins[device * Scenarios.Count + scenario], _lanes[device * Scenarios.Count + scenario]);
                _lengths[scenario] = Math.Max(_lengths[scenario], _isSpan ? end - begin : end);
            }
        }

        var cost = CostOf(_lengths);
        Value = _statistic == Statistic.Mean ? cost : (long)Math.Ceiling(Distribution.Quantile(_sorted, 0.95));
        return cost;
    }

    /// <summary>
    /// What a search goes by, in ticks: the mean of some lengths, or for their p95 the mean of the upper half. The p95 of few scenarios is made of two of
    /// them, and what lowers just these does nothing for any other draw.
    /// </summary>
    public long CostOf(ReadOnlySpan<double> lengths)
    {
        var (from, sum) = (0, 0.0);
        if (_statistic == Statistic.P95)
        {
            lengths.CopyTo(_sorted);
            Array.Sort(_sorted);
            lengths = _sorted;
            from = _sorted.Length / 2;
        }

        foreach (var length in lengths[from..]) sum += length;
        return (long)Math.Ceiling(sum / (lengths.Length - from));
    }

    /// <summary>Whether what an operation sends to another takes longer now and then.</summary>
    public bool IsDelayed(int from, int to) =>
        Times.Delays is not null && _graph.Lane[from] != _graph.Lane[to] && _graph.Lane[from] < _graph.DeviceCount && _graph.Lane[to] < _graph.DeviceCount;

    /// <summary>When the result of an operation is there for another, in some of the scenarios.</summary>
    /// <param name="from">The operation.</param>
    /// <param name="to">The one that reads it.</param>
    /// <param name="lag">The time between them.</param>
    /// <param name="end">The end of the first one.</param>
    /// <param name="vector">Which scenarios.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> After(int from, int to, long lag, Vector<double> end, int vector)
    {
        var there = end + new Vector<double>(lag);
        return IsDelayed(from, to) ? there + MemoryMarshal.Cast<double, Vector<double>>(Times.DelayOf(from))[vector] : there;
    }

    /// <summary>Carries out a lane's operations until one waits for another lane.</summary>
    private void Advance(int lane, int[] order, ref int ready)
    {
        var durations = MemoryMarshal.Cast<double, Vector<double>>(Times.Durations.AsSpan());
        var ends = MemoryMarshal.Cast<double, Vector<double>>(_ends.AsSpan());
        var free = MemoryMarshal.Cast<double, Vector<double>>(_lanes.AsSpan(lane * Scenarios.Count, Scenarios.Count));
        for (; _next[lane] < order.Length; _next[lane]++)
        {
            var operation = order[_next[lane]];
            var inputs = _graph.BeforeElsewhere.Of(operation);
            foreach (var (input, _) in inputs)
            {
                if (_isDone[input]) continue;
                _nextWaiting[lane] = _waitingFor[input];
                _waitingFor[input] = lane;
                return;
            }

            var begins = MemoryMarshal.Cast<double, Vector<double>>(_begins.AsSpan(lane * Scenarios.Count, Scenarios.Count));
            for (var vector = 0; vector < Vectors; vector++)
            {
                var start = free[vector];
                foreach (var (input, lag) in inputs) start = Vector.Max(start, After(input, operation, lag, ends[input * Vectors + vector], vector));
                if (_next[lane] == 0) begins[vector] = start;
                free[vector] = ends[operation * Vectors + vector] = start + durations[operation * Vectors + vector];
            }

            _isDone[operation] = true;
            Sequence[_count++] = operation;
            for (var waiting = _waitingFor[operation]; waiting != None; waiting = _nextWaiting[waiting]) _ready[ready++] = waiting;
            _waitingFor[operation] = None;
        }
    }
}

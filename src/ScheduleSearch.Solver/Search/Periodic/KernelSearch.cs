using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Periodic;

/// <summary>
/// Looks for the kernel of the shortest period that fits memory: anneals the delays of a kernel at a period, and shortens the period
/// whenever it fits.
/// </summary>
internal sealed class KernelSearch
{
    private const double Shortening = 0.985;
    private const double LongestPeriod = 3;
    private const double Heat = 0.02;

    private static readonly double[] Offsets = [1, 1.5, 2, 2.5, 3, 4, 5];

    private readonly Kernel _kernel;
    private readonly Random _random;
    private readonly long[] _delays;
    private readonly long[] _trial;
    private readonly long _longest;

    public KernelSearch(SearchGraph graph, int microbatches, Random random)
    {
        _kernel = new Kernel(graph, microbatches);
        _random = random;
        _delays = new long[_kernel.Count];
        _trial = new long[_kernel.Count];
        _longest = Enumerable.Range(0, _kernel.Count).Max(item => _kernel.Duration(item));
    }

    /// <summary>Whether kernels can be made of a graph: its microbatches are whole, and as many in each pipe.</summary>
    public static bool Suits(SearchGraph graph) => graph.IsEven;

    /// <summary>Items placed so far: the measure of work.</summary>
    public long Placed { get; private set; }

    /// <summary>The shortest period found; null when no kernel fits.</summary>
    public long? Period { get; private set; }

    /// <summary>The kernel of that period: start of each item, as in <see cref="Kernel.Starts"/>.</summary>
    public long[] Starts { get; private set; } = [];

    /// <summary>Orders made of the kernel with the shortest period found; null when none fits.</summary>
    /// <param name="tries">Kernels to try beyond the building blocks.</param>
    /// <param name="isOver">Whether to stop early.</param>
    public int[][]? Run(int tries, Func<bool> isOver)
    {
        var least = _kernel.LeastPeriod;
        if (ShortestBlock(least, isOver) is not { } period) return null;
        var orders = Orders(period);
        var excess = 0.0;
        for (var tried = 0; tried < tries && period > least && !isOver(); tried++)
        {
            if (excess <= 0)
            {
                orders = Orders(period);
                period = Math.Max(least, (long)(period * Shortening));
                excess = Place(period, _delays);
                continue;
            }

            _delays.CopyTo(_trial, 0);
            Vary();
            var found = Place(period, _trial);
            var heat = Heat * (tries - tried) / tries;
            if (found > excess - heat * Math.Log(1 - _random.NextDouble())) continue;
            _trial.CopyTo(_delays, 0);
            excess = found;
        }

        return orders;
    }

    /// <summary>
    /// The shortest period of the building blocks of "Pipeline Parallelism with Controllable Memory" (Qi et al., 2024) on these durations:
    /// from each lane to the next higher one, forwards are a number of sixths of the period apart, and so are backwards; the other way
    /// everything goes as fast as it can. Leaves the block's delays behind.
    /// </summary>
    private long? ShortestBlock(long least, Func<bool> isOver)
    {
        var shortest = (long)(least * LongestPeriod);
        var found = false;
        foreach (var forward in Offsets)
        {
            foreach (var backward in Offsets)
            {
                for (var period = least; period < shortest && !isOver(); period = (long)(period / Shortening) + 1)
                {
                    Spread(period, forward, backward);
                    if (Place(period, _trial) > 0) continue;
                    (shortest, found) = (period, true);
                    _trial.CopyTo(_delays, 0);
                }
            }
        }

        return found ? shortest : null;
    }

    private void Spread(long period, double forward, double backward)
    {
        for (var item = 0; item < _trial.Length; item++)
        {
            _trial[item] = 0;
            var kind = _kernel.KindOf(item);
            if (kind == OperationKind.BackwardWeight || _kernel.LagFromBelow(item) is not { } lag) continue;
            var offset = kind == OperationKind.Forward ? forward : backward;
            _trial[item] = Math.Max(0, (long)(offset * period / (6 * _kernel.Microbatches)) - _kernel.Duration(item) - lag);
        }
    }

    private int[][] Orders(long period)
    {
        Place(period, _delays);
        (Period, Starts) = (period, [.. _kernel.Starts]);
        return _kernel.Unroll(period);
    }

    private double Place(long period, long[] delays)
    {
        Placed += _kernel.Count;
        return _kernel.Place(period, delays);
    }

    /// <summary>New delays for one item, or for all items of one kind on a few neighbouring stages.</summary>
    private void Vary()
    {
        var item = _random.Next(_kernel.Count);
        var delay = _random.Next(3) == 0 ? 0 : (long)(_random.NextDouble() * _longest * (_kernel.KindOf(item) == OperationKind.BackwardWeight ? 3 : 1.2));
        if (_random.Next(2) == 0)
        {
            _trial[item] = delay;
            return;
        }

        var kind = _kernel.KindOf(item);
        for (int other = item, left = _random.Next(1, 12); other < _kernel.Count && left > 0; other++)
        {
            if (_kernel.KindOf(other) != kind) continue;
            _trial[other] = delay;
            left--;
        }
    }
}

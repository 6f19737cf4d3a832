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

    /// <summary>Items placed so far: the measure of work.</summary>
    public long Placed { get; private set; }

    /// <summary>Orders made of the kernel with the shortest period found; null when none fits.</summary>
    /// <param name="tries">Kernels to try.</param>
    /// <param name="isOver">Whether to stop early.</param>
    public int[][]? Run(int tries, Func<bool> isOver)
    {
        Array.Clear(_delays);
        var least = _kernel.LeastPeriod;
        var period = least;
        var excess = Place(period, _delays);
        int[][]? orders = null;
        while (excess > 0 && period < least * LongestPeriod)
        {
            period = (long)(period / Shortening) + 1;
            excess = Place(period, _delays);
        }

        for (var tried = 0; tried < tries && !isOver(); tried++)
        {
            if (excess <= 0)
            {
                Place(period, _delays);
                orders = _kernel.Unroll(period);
                if (period == least) break;
                period = Math.Max(least, (long)(period * Shortening));
                excess = Place(period, _delays);
                continue;
            }

            _delays.CopyTo(_trial, 0);
            Vary();
            var found = Place(period, _trial);
            var heat = 0.02 * (tries - tried) / tries;
            if (found > excess - heat * Math.Log(1 - _random.NextDouble())) continue;
            _trial.CopyTo(_delays, 0);
            excess = found;
        }

        return orders;
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

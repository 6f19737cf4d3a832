namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Makes orders for many microbatches of an order for few: a stretch of it in which every chain goes on by the same number of
/// microbatches is repeated in its middle.
/// </summary>
/// <remarks>
/// A stretch begins somewhere in the steady state. From there to as many microbatches later a chain takes a time that differs a little from
/// chain to chain; their mean is the period. Operations are ordered by the times that they have in the stretched schedule, so an order that
/// does not repeat exactly is bent a little at each repetition, and compaction mends that. Cost: linear in the operations of each schedule.
/// </remarks>
internal sealed class Extension(SearchGraph few, SearchGraph many)
{
    private const int MostCarriedOut = 8;
    private const int Begins = 24;
    private const int LongestShare = 2;
    private const int Divisible = 24;

    private readonly KeyScheduler _scheduler = new(many);
    private readonly int _added = many.Chains[0].Length - few.Chains[0].Length;
    private readonly long[] _keys = new long[many.Count];
    private readonly int[] _from = new int[few.Chains.Length];

    /// <summary>At least a number of microbatches, so many that what is left to add is a multiple of many numbers.</summary>
    public static int FewMicrobatches(int least, int microbatches) => least + (microbatches - least) % Divisible;

    /// <summary>Operations placed so far: the measure of work.</summary>
    public long Placed { get; private set; }

    /// <summary>The best orders found; null when none can be carried out.</summary>
    /// <param name="starts">Start of each operation in the schedule of few microbatches.</param>
    /// <param name="dates">How lane times make the cost of the long schedule.</param>
    /// <param name="isOver">Whether to stop early.</param>
    public int[][]? Run(long[] starts, LaneDates dates, Func<bool> isOver)
    {
        var (best, least) = ((int[][]?)null, long.MaxValue);
        foreach (var stretch in Stretches(starts).OrderBy(stretch => stretch.Loss).Take(MostCarriedOut))
        {
            if (isOver()) break;
            Stretch(starts, stretch);
            Placed += many.Count;
            if (_scheduler.Run(_keys, dates) is not { } cost || cost >= least) continue;
            (best, least) = ([.. _scheduler.Orders.Select(order => order.ToArray())], cost);
        }

        return best;
    }

    /// <summary>Stretches that might be repeated: their begin, microbatches, period, and the time that repeating them is expected to add.</summary>
    private IEnumerable<(long Begin, int Microbatches, long Period, double Loss)> Stretches(long[] starts)
    {
        var microbatches = few.Chains[0].Length;
        var end = few.Chains.Max(chain => starts[chain[^1]]);
        for (var step = 1; step < Begins; step++)
        {
            var begin = end * step / Begins;
            FindFrom(starts, begin);
            var left = microbatches - _from.Max();
            for (var length = 1; length <= Math.Min(left - 1, microbatches / LongestShare); length++)
            {
                if (_added % length > 0) continue;
                var times = few.Chains.Select((chain, index) => starts[chain[_from[index] + length]] - starts[chain[_from[index]]]).ToArray();
                var period = (long)times.Average();
                var bend = times.Max(time => Math.Abs(time - period));
                yield return (begin, length, period, (period + bend) / length);
            }
        }
    }

    private void FindFrom(long[] starts, long begin)
    {
        for (var chain = 0; chain < _from.Length; chain++)
        {
            var operations = few.Chains[chain];
            var turn = 0;
            while (turn < operations.Length && starts[operations[turn]] < begin) turn++;
            _from[chain] = turn;
        }
    }

    private void Stretch(long[] starts, (long Begin, int Microbatches, long Period, double Loss) stretch)
    {
        FindFrom(starts, stretch.Begin);
        var repetitions = _added / stretch.Microbatches;
        for (var chain = 0; chain < _from.Length; chain++)
        {
            var (from, operations, key) = (_from[chain], few.Chains[chain], long.MinValue);
            for (var turn = 0; turn < many.Chains[chain].Length; turn++)
            {
                var repetition = Math.Clamp((turn - from) / stretch.Microbatches, 0, repetitions);
                if (turn < from) repetition = 0;
                key = Math.Max(key, starts[operations[turn - repetition * stretch.Microbatches]] + repetition * stretch.Period);
                _keys[many.Chains[chain][turn]] = key;
            }
        }
    }
}

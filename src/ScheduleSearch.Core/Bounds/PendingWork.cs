namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The most work whose memory fits on a device at once: an integer program of two numbers for each stage.
/// </summary>
/// <remarks>
/// A price for memory turns the program into one choice for each microbatch alone; whatever the price, the result is no less than the
/// program's (weak duality), and the best price gives its linear relaxation. Stages of equal numbers are one stage with more microbatches.
/// A search over whole numbers, pruned by the same price, then finds the exact value; when it runs out of steps, the relaxation, rounded
/// down, stands. Products of two numbers below 2^61 stay below 2^127.
/// </remarks>
internal sealed class PendingWork
{
    private const int MostSteps = 20_000;

    private readonly PendingStage[] _stages;
    private readonly long _capacity;
    private long _most;
    private int _steps;

    private PendingWork(PendingStage[] stages, long capacity) => (_stages, _capacity) = (stages, capacity);

    /// <summary>A number of ticks that is no less than the most work that fits; with few kinds of stages it is exact.</summary>
    public static long Most(IEnumerable<PendingStage> stages, long capacity)
    {
        var kinds = stages.GroupBy(stage => stage with { Count = 0 })
            .Select(kind => kind.Key with { Count = kind.Sum(stage => stage.Count) })
            .Where(kind => kind.Count > 0)
            .ToArray();
        if (kinds.Sum(kind => kind.Count * kind.Whole) <= capacity) return kinds.Sum(kind => kind.Count * kind.WorkOfWhole);
        var program = new PendingWork(kinds, capacity);
        var relaxed = program.Relaxed(out var price);
        program.Search(0, capacity, 0, price);
        return program._steps < MostSteps ? program._most : relaxed;
    }

    /// <summary>The least value over all prices of memory: at the optimum the price is the worth of memory in one of the choices.</summary>
    private long Relaxed(out Price price)
    {
        var prices = _stages
            .SelectMany(stage => new Price[]
            {
                new(stage.WorkOfWhole, stage.Whole),
                new(stage.WorkOfRest, stage.Rest),
                new(stage.WorkOfWhole - stage.WorkOfRest, stage.Whole - stage.Rest),
            })
            .Where(candidate => candidate.Memory > 0)
            .Append(new Price(0, 1));
        (price, var least) = prices.Distinct()
            .Select(candidate => (candidate, candidate.Floor(candidate.Worth(_capacity) + Gain(0, candidate))))
            .MinBy(candidate => candidate.Item2);
        return least;
    }

    /// <summary>What the stages from one on gain at best under a price, times the price's memory.</summary>
    private Int128 Gain(int from, Price price)
    {
        Int128 gain = 0;
        foreach (var stage in _stages.AsSpan(from)) gain += stage.Count * Int128.Max(0, Int128.Max(GainOfWhole(stage, price), GainOfRest(stage, price)));
        return gain;
    }

    private static Int128 GainOfWhole(PendingStage stage, Price price) => (Int128)stage.WorkOfWhole * price.Memory - price.Worth(stage.Whole);

    private static Int128 GainOfRest(PendingStage stage, Price price) => (Int128)stage.WorkOfRest * price.Memory - price.Worth(stage.Rest);

    private void Search(int at, long room, long work, Price price)
    {
        var stage = _stages[at];
        var later = at + 1 == _stages.Length ? 0 : Gain(at + 1, price);
        for (var whole = stage.Whole == 0 ? stage.Count : Math.Min(stage.Count, room / stage.Whole); whole >= 0; whole--)
        {
            var left = room - whole * stage.Whole;
            var done = work + whole * stage.WorkOfWhole;
            var most = stage.Rest == 0 ? stage.Count - whole : Math.Min(stage.Count - whole, left / stage.Rest);
            // The last stage fills what is left; before it, fewer microbatches may leave better room for the stages after it.
            var fewest = at + 1 == _stages.Length ? most : 0;
            for (var rest = most; rest >= fewest; rest--)
            {
                if (++_steps >= MostSteps) return;
                var (roomBehind, total) = (left - rest * stage.Rest, done + rest * stage.WorkOfRest);
                if (at + 1 == _stages.Length) _most = Math.Max(_most, total);
                else if (price.Floor((Int128)total * price.Memory + price.Worth(roomBehind) + later) > _most) Search(at + 1, roomBehind, total, price);
            }
        }
    }

    /// <summary>Ticks of work that an amount of memory is worth.</summary>
    private readonly record struct Price(long Work, long Memory)
    {
        public Int128 Worth(long memory) => (Int128)Work * memory;

        public long Floor(Int128 value) => (long)(value / Memory);
    }
}

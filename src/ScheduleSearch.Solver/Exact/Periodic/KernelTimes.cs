namespace ScheduleSearch.Solver.Exact.Periodic;

/// <summary>When the items of a kernel start, in steps: base of the lane + round * period + phase.</summary>
/// <param name="Period">The period.</param>
/// <param name="Bases">For each lane the start of its anchor.</param>
/// <param name="Rounds">For each item the periods from its lane's anchor to it.</param>
/// <param name="Phases">For each item the time within that period.</param>
internal sealed record KernelTimes(long Period, long[] Bases, long[] Rounds, long[] Phases)
{
    /// <summary>Splits the starts of a kernel.</summary>
    /// <param name="shape">The kernel's items.</param>
    /// <param name="period">Its period in ticks.</param>
    /// <param name="starts">The start of each item in ticks.</param>
    public static KernelTimes Of(KernelShape shape, long period, long[] starts)
    {
        var inTurn = InTurn(shape, period, starts);
        var bases = shape.Anchors.Select(anchor => inTurn[anchor]).ToArray();
        var behind = inTurn.Select((start, item) => start - bases[shape.Lane(item)]).ToArray();
        return new KernelTimes(
            shape.Steps(period),
            [.. bases.Select(start => shape.Steps(start - bases[shape.Lane(0)]))],
            [.. behind.Select(time => time / period)],
            [.. behind.Select(time => shape.Steps(time % period))]);
    }

    /// <summary>The start of each item when the kernel begins with a later one of its microbatches; the first start is 0.</summary>
    public long[] StartsFrom(int microbatch, KernelShape shape)
    {
        var chains = shape.Count / shape.Microbatches;
        var starts = new long[shape.Count];
        for (var item = 0; item < starts.Length; item++)
        {
            var at = microbatch + item / chains;
            var source = at % shape.Microbatches * chains + item % chains;
            starts[item] = Bases[shape.Lane(item)] + (Rounds[source] + at / shape.Microbatches) * Period + Phases[source];
        }

        var first = starts.Min();
        return [.. starts.Select(start => start - first)];
    }

    /// <summary>The same starts, in which the microbatches of each chain come in turn over all repetitions: they cost the same.</summary>
    private static long[] InTurn(KernelShape shape, long period, long[] starts)
    {
        var chains = shape.Count / shape.Microbatches;
        var inTurn = new long[starts.Length];
        for (var chain = 0; chain < chains; chain++)
        {
            var own = Enumerable.Range(0, shape.Microbatches).Select(at => starts[at * chains + chain]).ToArray();
            var phases = own.Select(start => start % period).Order().ToArray();
            var first = own.Sum(start => start / period);
            for (var at = 0; at < own.Length; at++)
                inTurn[at * chains + chain] = phases[(first + at) % own.Length] + (first + at) / own.Length * period;
        }

        return inTurn;
    }
}

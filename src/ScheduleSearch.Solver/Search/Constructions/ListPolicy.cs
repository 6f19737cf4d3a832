namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>The choices that steer a list scheduler; each is part of what is searched.</summary>
/// <param name="InFlight">For each stage, the most microbatches of a pipe, or slices, between its forward and its input gradient.</param>
/// <param name="WeightTolerance">For each lane, ticks by which a weight gradient may delay an operation that is known to arrive.</param>
/// <param name="BackwardWait">For each lane, ticks within which an arriving backward makes a forward wait.</param>
/// <param name="Bias">For each chain, added to the microbatch's rank to rank the operations that are ready; the least goes first.</param>
internal sealed record ListPolicy(int[] InFlight, long[] WeightTolerance, long[] BackwardWait, double[] Bias)
{
    /// <summary>A copy that can be changed.</summary>
    public ListPolicy Copy() => new([.. InFlight], [.. WeightTolerance], [.. BackwardWait], [.. Bias]);
}

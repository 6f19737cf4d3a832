namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>What the ranks' memory is made of: a part that all hold, and one for each microbatch in flight, fitted over the ranks.</summary>
/// <param name="Fixed" example="44.7">GiB that a rank holds whatever is in flight.</param>
/// <param name="Activation" example="7.4">GiB for each microbatch in flight, which the profile has as activation.</param>
/// <param name="LargestError" example="0.3">GiB by which the line misses a rank at most.</param>
/// <param name="Ranks">For each rank the microbatches in flight at most, and the GiB that were recorded.</param>
public sealed record MemoryFit(double Fixed, double Activation, double LargestError, IReadOnlyList<RankPeak> Ranks);

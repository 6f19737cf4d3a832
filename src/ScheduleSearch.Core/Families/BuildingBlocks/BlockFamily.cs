using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// The best of the building blocks whose steps are equal, judged with the problem's own times and memory: each is replayed with a few
/// microbatches, and the best one is repeated for all. A block that holds too much pauses. Source: Qi et al., Pipeline Parallelism with
/// Controllable Memory, arXiv:2405.15362; the pauses are this project's own.
/// </summary>
/// <param name="placement">The placement, "v" or "linear".</param>
internal sealed class BlockFamily(string placement) : IScheduleFamily
{
    private const long JudgedOperations = 300_000;
    private const int RoundTrips = 3;

    public string Name => placement == "v" ? "building-block" : $"building-block-{placement}";

    public string Placement => placement;

    public string Description =>
        "The best building block for the given times and memory among those whose steps from device to device are equal; where memory is short, "
        + "one turn is left out after every few microbatches.";

    public string Conditions => "Memory for a building block, if only for one microbatch at a time.";

    public string Source => "Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) =>
        BlockPatterns.EvenBlocks(problem).Any() ? null : "No building block fits this memory: raise the limit.";

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem)
    {
        var judged = problem.Microbatches > RoundTrips * problem.Devices ? problem.WithMicrobatches(RoundTrips * problem.Devices) : problem;
        var tries = (int)Math.Max(1, JudgedOperations / (3 * judged.Stages * judged.Microbatches));
        return BlockOrder.Of(BlockPatterns.EvenBlocks(problem).Take(tries).MinBy(block => BlockOrder.Cost(block, judged))!, problem);
    }
}

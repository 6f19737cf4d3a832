using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>The steps from a building block to an order: repeat, squeeze, reorder both ends.</summary>
public static class BlockOrder
{
    /// <summary>The block repeated and squeezed: every operation goes as early as the order of its device allows.</summary>
    internal static SlotTable Squeezed(BuildingBlock block, int microbatches)
    {
        var table = SlotTable.Repeat(block, microbatches);
        table.Squeeze();
        return table;
    }

    /// <summary>The order of a block whose ends are reordered within the chunks that its steady state holds.</summary>
    public static IReadOnlyList<IReadOnlyList<Operation>> Of(BuildingBlock block, int microbatches)
    {
        var one = Enumerable.Repeat(1L, block.Stages).ToArray();
        var peak = Enumerable.Range(0, block.Devices).Max(block.PeakChunks);
        return Of(block, microbatches, one, one, [.. Enumerable.Repeat(peak, block.Devices)]);
    }

    /// <summary>The order of a block whose ends are reordered within a problem's memory. Cost: linear in the operations.</summary>
    /// <param name="block">A block that fits the problem.</param>
    /// <param name="problem">The problem.</param>
    public static IReadOnlyList<IReadOnlyList<Operation>> Of(BuildingBlock block, Problem problem) => Of(
        block,
        problem.Microbatches,
        [.. problem.Activation],
        [.. problem.Retained],
        [.. Enumerable.Range(0, problem.Devices).Select(problem.LimitOf)]);

    /// <summary>What the repeated block costs in a problem's real times, in ticks: its makespan, or its largest span when all starts are early.</summary>
    public static long Cost(BuildingBlock block, Problem problem) => SlotTable.Repeat(block, problem.Microbatches).Cost(problem);

    private static IReadOnlyList<IReadOnlyList<Operation>> Of(BuildingBlock block, int microbatches, long[] activation, long[] retained, long[] limit)
    {
        var table = Squeezed(block, microbatches);
        new EndReordering(table, microbatches, activation, retained, limit).Run();
        return table.Orders();
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>The steps from a building block to an order: repeat, squeeze, reorder both ends. Cost: linear in the operations.</summary>
public static class BlockOrder
{
    /// <summary>The order of a block whose ends are reordered within a problem's memory.</summary>
    /// <param name="block">A block that fits the problem.</param>
    /// <param name="problem">The problem.</param>
    public static IReadOnlyList<IReadOnlyList<Operation>> Of(BuildingBlock block, Problem problem)
    {
        var table = SlotTable.Repeat(block, problem.Microbatches);
        long[] limit = [.. Enumerable.Range(0, problem.Devices).Select(problem.LimitOf)];
        return Reordered(table, problem.Microbatches, [.. problem.MostHeld], [.. problem.HeldForWeight], limit);
    }

    /// <summary>What the repeated block costs in a problem's real times, in ticks: its makespan, or its largest span when all starts are early.</summary>
    public static long Cost(BuildingBlock block, Problem problem) => SlotTable.Repeat(block, problem.Microbatches).Cost(problem);

    /// <summary>The order of a block whose ends are reordered within the chunks that its steady state holds.</summary>
    internal static IReadOnlyList<IReadOnlyList<Operation>> WithinItsPeak(BuildingBlock block, int microbatches)
    {
        var one = Enumerable.Repeat(1L, block.Stages).ToArray();
        var peak = Enumerable.Range(0, block.Devices).Max(block.PeakChunks);
        return Reordered(SlotTable.RepeatWhole(block, microbatches), microbatches, one, one, [.. Enumerable.Repeat(peak, block.Devices)]);
    }

    private static IReadOnlyList<IReadOnlyList<Operation>> Reordered(SlotTable table, int microbatches, long[] activation, long[] retained, long[] limit)
    {
        table.Squeeze();
        new EndReordering(table, microbatches, activation, retained, limit).Run();
        return table.Orders();
    }
}

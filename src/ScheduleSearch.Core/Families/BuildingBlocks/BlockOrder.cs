using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>The steps from a building block to an order: repeat, squeeze, reorder both ends.</summary>
internal static class BlockOrder
{
    /// <summary>The block repeated and squeezed: every operation goes as early as the order of its device allows.</summary>
    public static SlotTable Squeezed(BuildingBlock block, int microbatches)
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

    /// <summary>The order of a block whose ends are reordered within given memory, which holds its steady state.</summary>
    public static IReadOnlyList<IReadOnlyList<Operation>> Of(BuildingBlock block, int microbatches, long[] activation, long[] retained, long[] limit)
    {
        var table = Squeezed(block, microbatches);
        new EndReordering(table, microbatches, activation, retained, limit).Run();
        return table.Orders();
    }
}

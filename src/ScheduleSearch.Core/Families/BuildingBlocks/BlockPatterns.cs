using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>The patterns of the general search.</summary>
internal static class BlockPatterns
{
    private const int LongestStep = 5;

    /// <summary>All patterns of a period whose steps are equal, and, where asked for, those of two different steps.</summary>
    public static IEnumerable<BlockPattern> Of(Placement placement, int period, bool twoSteps)
    {
        var runs = 2 * placement.Stages / placement.Devices;
        foreach (var slots in Distinct(runs, period))
        {
            for (var down = 1; down <= LongestStep; down++)
            {
                yield return new BlockPattern(period, slots, down, down, placement.Devices);
                for (var behind = 1; twoSteps && behind < down; behind++)
                {
                    for (var length = 1; length < placement.Devices - 1; length++) yield return new BlockPattern(period, slots, down, behind, length);
                }
            }
        }
    }

    /// <summary>The ways to give runs different slots of a period, the first of them slot 0.</summary>
    private static IEnumerable<int[]> Distinct(int runs, int period)
    {
        IEnumerable<int[]> partial = [[0]];
        for (var run = 1; run < runs; run++)
            partial = partial.SelectMany(slots => Enumerable.Range(1, period - 1).Except(slots).Select(slot => (int[])[.. slots, slot]));
        return partial;
    }
}

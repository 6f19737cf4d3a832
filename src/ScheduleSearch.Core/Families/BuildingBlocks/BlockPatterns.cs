using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// The building blocks of the general search: the slots in which the first device is passed, the steps from device to device, and where the
/// steps become shorter are tried out.
/// </summary>
public static class BlockPatterns
{
    private const int KindsOfOperation = 3;
    private const int LongestStep = 5;

    /// <summary>Steps of two slots, as in V-Half, and of one, as in V-Min, make the best blocks most often.</summary>
    private static readonly int[] Steps = [2, 1, 3, 4, LongestStep];


    /// <summary>Whether there are blocks for a problem: it splits backwards, and its microbatches run down the devices and up again.</summary>
    public static bool Suit(Problem problem) => problem.SplitBackward && problem.Placement.Name is "linear" or "v";

    /// <summary>The blocks whose steps down are all equal, with the pauses that a problem's memory asks for.</summary>
    public static IEnumerable<BuildingBlock> EvenBlocks(Problem problem) => Fitting(problem, Even(problem.Placement));

    /// <summary>The blocks whose steps down become shorter from some device on, shuffled, with the pauses that a problem's memory asks for.</summary>
    public static IEnumerable<BuildingBlock> UnevenBlocks(Problem problem, Random random)
    {
        var patterns = Uneven(problem.Placement).ToArray();
        random.Shuffle(patterns);
        return Fitting(problem, patterns);
    }

    /// <summary>Patterns whose steps are equal.</summary>
    internal static IEnumerable<BlockPattern> Even(Placement placement) =>
        from down in Steps
        from slots in FirstDevice(placement)
        select new BlockPattern(Period(placement), slots, down, down, placement.Devices);

    /// <summary>Patterns whose first steps are longer than the others.</summary>
    internal static IEnumerable<BlockPattern> Uneven(Placement placement) =>
        from slots in FirstDevice(placement)
        from down in Enumerable.Range(2, LongestStep - 1)
        from behind in Enumerable.Range(1, down - 1)
        from length in Enumerable.Range(1, Math.Max(0, placement.Devices - 2))
        select new BlockPattern(Period(placement), slots, down, behind, length);

    private static IEnumerable<BuildingBlock> Fitting(Problem problem, IEnumerable<BlockPattern> patterns) =>
        patterns.Select(pattern => pattern.OnDevices(problem.Placement)?.Within(problem)).OfType<BuildingBlock>();

    private static int Period(Placement placement) => KindsOfOperation * placement.Stages / placement.Devices;

    /// <summary>The ways to give the runs different slots of the period on device 0, the first of them slot 0.</summary>
    private static IEnumerable<int[]> FirstDevice(Placement placement)
    {
        IEnumerable<int[]> partial = [[0]];
        for (var run = 1; run < 2 * placement.Stages / placement.Devices; run++)
            partial = partial.SelectMany(slots => Enumerable.Range(1, Period(placement) - 1).Except(slots).Select(slot => (int[])[.. slots, slot]));
        return partial;
    }
}

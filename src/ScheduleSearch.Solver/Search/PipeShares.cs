using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// How many microbatches may run down the first pipe of a two-pipe placement. Microbatches cost the same, so which ones they are makes no
/// difference.
/// </summary>
internal static class PipeShares
{
    private const int Around = 2;

    /// <summary>Every share that a proof has to look at, the even one first, then the others by how far they are from it.</summary>
    public static IReadOnlyList<int> All(Problem problem)
    {
        if (problem.Placement.Pipes == 1) return [problem.Microbatches];
        var even = OperationSelection.EvenShare(problem);
        if (!problem.HasRoomFor(0) || !problem.HasRoomFor(1)) return [even];
        // Mirrored, the larger share stands for the smaller one.
        var least = IsMirrored(problem) ? even : 0;
        return [.. Enumerable.Range(least, problem.Microbatches - least + 1).OrderBy(share => Math.Abs(share - even))];
    }

    /// <summary>
    /// The shares worth trying first: the even one, and where the pipes differ, those about the one that leaves the busiest device least work, and
    /// one pipe alone.
    /// </summary>
    public static IReadOnlyList<int> Worthwhile(Problem problem)
    {
        var all = All(problem);
        if (all.Count == 1 || IsMirrored(problem)) return [all[0]];
        var balanced = all.MinBy(share => BusiestWork(problem, share));
        return [.. all.Take(1).Concat(all.Where(share => Math.Abs(share - balanced) <= Around || share == 0 || share == problem.Microbatches)).Distinct()];
    }

    /// <summary>The share of a graph's microbatches when there are fewer: no pipe that is used is left out.</summary>
    public static int Scaled(OperationGraph graph, int microbatches)
    {
        var (share, all) = (graph.Selection.CountOn(0), graph.Problem.Microbatches);
        var scaled = (int)Math.Round((double)share * microbatches / all);
        return Math.Clamp(scaled, share > 0 ? 1 : 0, share < all ? microbatches - 1 : microbatches);
    }

    /// <summary>
    /// Whether exchanging the pipes changes nothing but the names of the devices: then m - k microbatches in the first pipe cost what k do.
    /// </summary>
    public static bool IsMirrored(Problem problem)
    {
        var (placement, mirror) = (problem.Placement, new int[problem.Devices]);
        Array.Fill(mirror, -1);
        for (var stage = 0; stage < problem.Stages; stage++)
        {
            var (first, second) = (placement.DeviceOf(0, stage), placement.DeviceOf(1, stage));
            if (mirror[first] >= 0 && mirror[first] != second || mirror[second] >= 0 && mirror[second] != first) return false;
            (mirror[first], mirror[second]) = (second, first);
            if (stage > 0 && problem.LagBetween(0, stage - 1, stage) != problem.LagBetween(1, stage - 1, stage)) return false;
            if (stage > 0 && problem.LagBetween(0, stage, stage - 1) != problem.LagBetween(1, stage, stage - 1)) return false;
        }

        for (var device = 0; device < problem.Devices; device++)
        {
            if (problem.LimitOf(device) != problem.LimitOf(mirror[device])) return false;
            for (var other = 0; other < problem.Devices; other++)
            {
                if (problem.Lag(device, other) != problem.Lag(mirror[device], mirror[other])) return false;
            }
        }

        return true;
    }

    private static long BusiestWork(Problem problem, int share) =>
        Enumerable.Range(0, problem.Devices).Max(device => problem.WorkOnDevice(device, [share, problem.Microbatches - share]));
}

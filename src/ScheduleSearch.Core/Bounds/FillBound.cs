using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The work of a device with the pieces that fill its bubbles, after as much of its head as they cannot fill; and the longest chain of items that come after
/// each other.
/// </summary>
/// <remarks>
/// A device carries out one operation at a time, so its own span is at least all its work: as the head-tail bound counts that, with neither head nor tail, in
/// which pieces may stand. Pieces of an item come one after the other on its device, after the last of the items before it and a message: that is when it is
/// ready at the earliest. Until the end of the head, when the first microbatch can be there, an item has no more done than its work, nor than the time since it
/// was ready, nor all items together more than the time since the first was. What is not done of all work then comes after the head.
/// </remarks>
internal sealed class FillBound : ILowerBound
{
    public string Name => "fill";

    public FeatureSet Covers { get; } = [FillFeature.Id, OptimizerFeature.Id, GrowthFeature.Id, .. new HeadTailBound().Covers];

    public long? Prove(Problem problem)
    {
        if (problem.Fill.IsEmpty) return null;
        var (shares, ready) = (new PipeShareWork(problem), Ready(problem));
        var work = shares.Least([.. Enumerable.Range(0, problem.Devices).Select(device => Extra(problem, shares.Paths, ready, device))]);
        return problem.Objective == Objective.Span ? work : Math.Max(work, ready.Zip(problem.Fill, (time, item) => time + item.Work).Max());
    }

    private static long Extra(Problem problem, IReadOnlyList<MicrobatchPath> paths, long[] ready, int device) =>
        HeadTailBound.SavedOfFirst(problem, paths, device) + problem.FillOn(device) + StepsOn(problem, device)
        + (problem.Objective == Objective.Span ? 0 : IdleOfHead(problem, HeadTailBound.HeadOf(problem, paths, device), ready, device));

    private static long IdleOfHead(Problem problem, long head, long[] ready, int device)
    {
        var (filled, idle) = (0L, head);
        foreach (var (place, item) in problem.Fill.Index())
        {
            if (item.Device != device || ready[place] >= head) continue;
            filled += Math.Min(item.Work, head - ready[place]);
            idle = Math.Min(idle, ready[place]);
        }

        return Math.Max(idle, head - filled);
    }

    private static long StepsOn(Problem problem, int device) => problem.Profile.Optimizer is null
        ? 0
        : problem.Placement.StagesOn(device).Where(place => problem.HasBackward(place.Stage)).Sum(place => problem.OptimizerStep[place.Stage]);

    /// <summary>When each item is ready at the earliest.</summary>
    private static long[] Ready(Problem problem)
    {
        var ready = new long[problem.Fill.Length];
        foreach (var (place, item) in problem.Fill.Index())
            ready[place] = item.After.Select(before => ready[before] + problem.Fill[before].Work + problem.Lag(problem.Fill[before].Device, item.Device))
                .DefaultIfEmpty().Max();
        return ready;
    }
}

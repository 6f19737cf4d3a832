using System.Collections.Immutable;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The work of a device with the pieces that fill its bubbles, after as much of its head as they cannot fill; the mean work of all devices; and the longest
/// chain of items that come after each other.
/// </summary>
/// <remarks>
/// A device carries out one operation at a time, so its own span is at least all its work: as the head-tail bound counts that, with neither head nor tail, in
/// which pieces may stand. Pieces of an item come one after the other on its device, after the last of the items before it and a message: that is when it is
/// ready at the earliest. Until the end of the head, when the first microbatch can be there, an item has no more done than its work, nor than the time since it
/// was ready, nor all items together more than the time since the first was. What is not done of all work then comes after the head.
/// Pieces that may go to any device are none of any device's own, count in the mean, and have their item ready for others no earlier than all devices together
/// could have done it.
/// </remarks>
internal sealed class FillBound : ILowerBound
{
    public string Name => "fill";

    public FeatureSet Covers { get; } = [FillFeature.Id, DealtFillFeature.Id, OptimizerFeature.Id, GrowthFeature.Id, .. new HeadTailBound().Covers];

    public long? Prove(Problem problem)
    {
        if (problem.Fill.IsEmpty) return null;
        var (shares, ready) = (new PipeShareWork(problem), problem.FillReady);
        var work = shares.Least([.. Enumerable.Range(0, problem.Devices).Select(device => Extra(problem, shares.Paths, ready, device))]);
        work = Math.Max(work, MeanWork(problem, shares));
        if (problem.Objective == Objective.Span) return work;
        return ready.Zip(problem.Fill).Where(item => !item.Second.IsDealt).Select(item => item.First + item.Second.Work).Append(work).Max();
    }

    private static long Extra(Problem problem, IReadOnlyList<MicrobatchPath> paths, ImmutableArray<long> ready, int device) =>
        HeadTailBound.SavedOfFirst(problem, paths, device) + problem.FillNamedFor(device).Sum(place => problem.Fill[place].Work) + StepsOn(problem, device)
        + (problem.Objective == Objective.Span ? 0 : IdleOfHead(problem, HeadTailBound.HeadOf(problem, paths, device), ready, device));

    private static long IdleOfHead(Problem problem, long head, ImmutableArray<long> ready, int device)
    {
        var (filled, idle) = (0L, head);
        foreach (var place in problem.FillNamedFor(device).Where(place => ready[place] < head))
        {
            filled += Math.Min(problem.Fill[place].Work, head - ready[place]);
            idle = Math.Min(idle, ready[place]);
        }

        return Math.Max(idle, head - filled);
    }

    /// <summary>What all devices have to do, however pieces are dealt out, shared out evenly.</summary>
    private static long MeanWork(Problem problem, PipeShareWork shares)
    {
        var all = shares.LeastInAll + Enumerable.Range(0, problem.Devices).Sum(device => problem.FillOn(device) + StepsOn(problem, device));
        return (all + problem.Devices - 1) / problem.Devices;
    }

    private static long StepsOn(Problem problem, int device) => problem.Profile.Optimizer is null
        ? 0
        : problem.Placement.StagesOn(device).Where(place => problem.HasBackward(place.Stage)).Sum(place => problem.OptimizerStep[place.Stage]);
}

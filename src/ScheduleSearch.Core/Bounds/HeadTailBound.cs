using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The work of a device between the first arrival there and the last departure: nothing starts on it before a microbatch's first slice has come up
/// the stages before, and after its last backward, when backwards are whole, the stages before it have theirs to do. Holds for every problem,
/// slices, recomputed activations and shards of the vocabulary included.
/// </summary>
/// <remarks>
/// The last operation of a device is a backward on its first stage of a pipe, of the first slice of a microbatch: every other one has such a
/// backward after it in the same microbatch. With split backwards it may be a weight gradient that nothing waits for, so there is no tail; and none
/// where there is other work that nothing waits for, as there is no head where there is work that waits for no forward.
/// Where operations overlap, each forward counts as much shorter as a pair saves at most, but for the first one of the device, which is on its first stage
/// of a pipe: the backward of a pair has had a forward there before it.
/// The span has neither head nor tail: it is the work of the busiest device, which carries out one operation at a time.
/// Where stages have no backward, the last operation of a device is a backward on the lowest stage of a pipe there that has one, by the same argument; and
/// where none on the device has, a forward of the last slice on its last stage of a pipe, since each of the others has one of these after it. What
/// its microbatch has to do then, up the stages after and back, is the tail, split or not; none where passes over a shard may come after that forward.
/// </remarks>
internal sealed class HeadTailBound : ILowerBound
{
    public string Name => "head-tail";

    public FeatureSet Covers { get; } = [TwoPipesFeature.Id, SlicesFeature.Id, RecomputeFeature.Id, OverlapFeature.Id, VocabularyFeature.Id, FrozenFeature.Id];

    public long? Prove(Problem problem)
    {
        var shares = new PipeShareWork(problem);
        return shares.Least([.. Enumerable.Range(0, problem.Devices).Select(device => Extra(problem, shares.Paths, device))]);
    }

    /// <summary>By how much the first forward of a device is longer than forwards count, which is in no pair.</summary>
    internal static long SavedOfFirst(Problem problem, IReadOnlyList<MicrobatchPath> paths, int device) =>
        paths.Min(path => path.StagesOn(device)[0] is var first && problem.SliceCount == 1 ? problem.Forward[first] - path.LeastForward[first] : 0);

    private static long Extra(Problem problem, IReadOnlyList<MicrobatchPath> paths, int device) =>
        SavedOfFirst(problem, paths, device)
        + (problem.Objective == Objective.Span ? 0 : HeadAndTail(problem, paths, device));

    /// <summary>Ticks before which nothing of a microbatch starts on a device.</summary>
    internal static long HeadOf(Problem problem, IReadOnlyList<MicrobatchPath> paths, int device) =>
        problem.EarlyWork(device) > 0 ? 0 : paths.Min(path => path.HeadOfSlice(path.StagesOn(device)[0]));

    private static long HeadAndTail(Problem problem, IReadOnlyList<MicrobatchPath> paths, int device) =>
        HeadOf(problem, paths, device)
            + (problem.LateWork(device) > 0 ? 0 : paths.Min(path => Tail(problem, path, device)));

    private static long Tail(Problem problem, MicrobatchPath path, int device)
    {
        var stages = path.StagesOn(device);
        if (!problem.HasBackward(stages[^1])) return problem.WorkAtTurn(device) > 0 ? 0 : path.WayAfterForward(stages[^1]);
        return problem.SplitBackward ? 0 : path.TailOfSlice(stages.First(problem.HasBackward));
    }
}

using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// Of microbatches that take different times: the work of a device for all of them, with the least that one of them takes to come to it and another to be
/// done after it; and the way of the one that takes longest, alone.
/// </summary>
/// <remarks>
/// As of equal ones, the first operation of a device is a forward on its first stage, unless there is work that waits for none, and the last one a backward
/// there where backwards are whole and nothing waits for other work: whichever microbatch they are of, its way up or back is no shorter than the least.
/// Work that is added to a stage takes no less than the smaller of its microbatch's two factors makes of it.
/// </remarks>
internal sealed class MicrobatchSumBound : ILowerBound
{
    public string Name => "microbatch-sum";

    public FeatureSet Covers { get; } = [MicrobatchesFeature.Id, RecomputeFeature.Id, VocabularyFeature.Id, FrozenFeature.Id];

    public long? Prove(Problem problem)
    {
        if (!problem.HasUnequalMicrobatches) return null;
        var (path, microbatches) = (new MicrobatchPath(problem), Enumerable.Range(0, problem.Microbatches).ToArray());
        var ofSpan = problem.Objective == Objective.Span;
        var most = Enumerable.Range(0, problem.Devices).Max(device =>
            microbatches.Sum(microbatch => WorkOf(problem, path, device, microbatch)) + (ofSpan ? 0 : HeadAndTail(problem, path, device, microbatches)));
        return ofSpan ? most : Math.Max(most, microbatches.Max(microbatch => WayOf(problem, path, microbatch)));
    }

    private static long WorkOf(Problem problem, MicrobatchPath path, int device, int microbatch)
    {
        var stages = path.StagesOn(device);
        return problem.TicksUpward(microbatch, stages.Sum(stage => problem.Forward[stage]))
            + problem.TicksDownward(microbatch, stages.Sum(stage => problem.BackwardInput[stage] + problem.BackwardWeight[stage]))
            + Least(problem, microbatch, stages.Sum(problem.AddedWork));
    }

    private static long HeadAndTail(Problem problem, MicrobatchPath path, int device, int[] microbatches)
    {
        var stages = path.StagesOn(device);
        var (head, tail) = (0L, 0L);
        if (problem.EarlyWork(device) == 0)
        {
            var work = Enumerable.Range(0, stages[0]).Sum(stage => problem.Forward[stage]);
            head = path.LagsUp(stages[0]) + microbatches.Min(microbatch => problem.TicksUpward(microbatch, work));
        }

        if (!problem.SplitBackward && problem.LateWork(device) == 0 && problem.HasBackward(stages[^1]))
        {
            var first = stages.First(problem.HasBackward);
            var work = Enumerable.Range(0, first).Sum(stage => path.BackwardInput[stage]);
            tail = path.LagsDown(first) + microbatches.Min(microbatch => problem.TicksDownward(microbatch, work));
        }

        return head + tail;
    }

    /// <summary>Up all stages and back to the lowest one that has a backward.</summary>
    private static long WayOf(Problem problem, MicrobatchPath path, int microbatch)
    {
        var last = problem.Stages - 1;
        var way = path.LagsUp(last) + problem.TicksUpward(microbatch, problem.Forward.Sum());
        if (!problem.HasBackward(last)) return way;
        var turn = problem.TurnDelay;
        return way + Math.Min(turn, Least(problem, microbatch, turn)) + path.LagsDown(last) + problem.TicksDownward(microbatch, path.BackwardInput.Sum());
    }

    private static long Least(Problem problem, int microbatch, long ticks) =>
        Math.Min(problem.TicksUpward(microbatch, ticks), problem.TicksDownward(microbatch, ticks));
}

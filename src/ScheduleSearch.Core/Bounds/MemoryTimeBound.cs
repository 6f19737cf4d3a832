using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// Memory multiplied by time: what the activations need at least, against what a device has. It counts where memory is so tight that
/// microbatches cannot follow each other as fast as the device could work. Holds for one pipe, any placement, in any order of microbatches.
/// </summary>
/// <remarks>
/// <para>
/// Take a device with limit M, its stages C (the first of them lo), its first start t0 and its last end t1. An activation of stage s stays
/// in memory for at least R(s) = Turn(s, s) + B(s), as its microbatch has to go up and come back; its retained part stays for W(s) longer.
/// Summed over all microbatches this is the need. The device has at most M at any time between t0 and t1, and less at both ends: up to t
/// ticks after t0 it has taken no more than its forwards take in t ticks of work, and one forward that may still run; t ticks before t1 it
/// holds no more than what its gradients free in t ticks of work, and one that may have begun before. The fractional knapsack bounds both,
/// and what the ramps lack, <c>up</c> and <c>down</c>, is the area between it and M. When all activations together reach M, the ramps use
/// different work, so they are disjoint within t1 - t0, and
/// (t1 - t0) x M >= need + up + down. That bounds the span, and after Head(lo) the makespan.
/// </para>
/// <para>
/// For the makespan take E, the end of the last input gradient of lo, instead of t1. All activations have been held for R by then: an input
/// gradient on s comes before that of lo in the same microbatch. Hence (E - t0) x M >= m x sum of a(s) R(s) + up, and after E the stages
/// before lo go on for Tail(lo), and the device for W(lo).
/// </para>
/// <para>
/// Other work, and memory that it holds, take nothing from this: t0 is the start of the first forward then, and the time between the last stage's forward
/// and its backward counts in Turn.
/// </para>
/// </remarks>
internal sealed class MemoryTimeBound : ILowerBound
{
    public string Name => "memory-time";

    public FeatureSet Covers { get; } = [VocabularyFeature.Id];

    public long? Prove(Problem problem)
    {
        if (problem.Limit.IsEmpty) return null;
        var path = new MicrobatchPath(problem);
        return Enumerable.Range(0, problem.Devices).Max(device => Least(problem, path, device));
    }

    private static long Least(Problem problem, MicrobatchPath path, int device)
    {
        int[] stages = [.. problem.Placement.StagesOn(device).Select(stage => stage.Stage)];
        var (first, limit, count) = (stages[0], problem.LimitOf(device), problem.Microbatches);
        if (limit == 0 || (Int128)count * stages.Sum(stage => problem.Activation[stage]) < limit) return 0;

        Int128 upAndBack = 0, rest = 0;
        foreach (var stage in stages)
        {
            upAndBack += (Int128)count * problem.Activation[stage] * (path.Turn(stage, stage) + path.BackwardInput[stage]);
            rest += (Int128)count * path.Retained[stage] * path.BackwardWeight[stage];
        }

        var up = Lacking(limit, count, stages.Select(stage => (problem.Activation[stage], problem.Forward[stage])));
        var down = Lacking(limit, count, stages.SelectMany(stage => new[]
        {
            (problem.Activation[stage] - path.Retained[stage], path.BackwardInput[stage]),
            (path.Retained[stage], path.BackwardWeight[stage]),
        }));
        var span = Ceiling(upAndBack + rest + up + down, limit);
        if (problem.Objective == Objective.Span) return span;
        var toLastInputGradient = Ceiling(upAndBack + up, limit) + Math.Max(path.Tail(first), path.BackwardWeight[first]);
        return path.Head(first) + Math.Max(span, toLastInputGradient);
    }

    /// <summary>Memory x time that stays empty while operations of given units and ticks, so many of each, fill the memory one after the other.</summary>
    private static Int128 Lacking(long limit, int count, IEnumerable<(long Units, long Ticks)> kinds)
    {
        var moves = kinds.Where(kind => kind.Units > 0).ToList();
        var room = limit - moves.Max(kind => kind.Units);
        Int128 lacking = 0;
        moves.Sort((one, other) => ((Int128)other.Units * one.Ticks).CompareTo((Int128)one.Units * other.Ticks));
        foreach (var (units, ticks) in moves)
        {
            if (room <= 0) break;
            var filled = (long)Int128.Min(room, (Int128)count * units);
            var time = (long)((Int128)filled * ticks / units);
            lacking += (Int128)time * (room + (room - filled)) / 2;
            room -= filled;
        }

        return lacking;
    }

    private static long Ceiling(Int128 value, long divisor) => (long)((value + divisor - 1) / divisor);
}

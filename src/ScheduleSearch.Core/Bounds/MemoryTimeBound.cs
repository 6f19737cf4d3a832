using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
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
/// <para>
/// Stages without a backward, and the memory that their forwards hold while they run, are left out: C are the others.
/// </para>
/// <para>
/// What is dropped of an activation after its forward is held while that runs, and from the start of recomputing to the end of the gradient; only what is
/// kept is held for R(s). Forwards and recomputing fill the memory then.
/// </para>
/// <para>
/// Pairs that overlap: a pair is no shorter than its forward, nor than its backward, and holds the activation of the latter for as long as the two gradients
/// one after the other at its end. So all of the above holds but for the ramps, whose work may be done at the same time: where both together are longer than
/// the device's work, only the larger counts.
/// </para>
/// </remarks>
internal sealed class MemoryTimeBound : ILowerBound
{
    public string Name => "memory-time";

    public FeatureSet Covers { get; } = [RecomputeFeature.Id, OverlapFeature.Id, VocabularyFeature.Id, FrozenFeature.Id];

    public long? Prove(Problem problem)
    {
        if (problem.Limit.IsEmpty) return null;
        var path = new MicrobatchPath(problem);
        return Enumerable.Range(0, problem.Devices).Max(device => Least(problem, path, device));
    }

    private static long Least(Problem problem, MicrobatchPath path, int device)
    {
        var stages = path.TrainedOn(device);
        if (stages is []) return 0;
        var (first, limit, count) = (stages[0], problem.LimitOf(device), problem.Microbatches);
        if (limit == 0 || (Int128)count * stages.Sum(stage => problem.Activation[stage]) < limit) return 0;

        Int128 upAndBack = 0, rest = 0;
        foreach (var stage in stages)
        {
            var held = path.Forward[stage] + problem.RegainWork(stage);
            upAndBack += (Int128)count * problem.KeptAfterForward(stage) * (Math.Max(path.Turn(stage, stage), held) + path.BackwardInput[stage]);
            upAndBack += (Int128)count * problem.DroppedAfterForward(stage) * (held + path.BackwardInput[stage]);
            rest += (Int128)count * path.Retained[stage] * path.BackwardWeight[stage];
        }

        var up = new Ramp(limit - stages.Max(stage => problem.Activation[stage]), count, stages.SelectMany(stage => new[]
        {
            (problem.KeptAfterForward(stage), path.Forward[stage]),
            (problem.DroppedAfterForward(stage), problem.RegainWork(stage)),
        }));
        var largestFreed = stages.Max(stage =>
            Math.Max(problem.DroppedAfterForward(stage), Math.Max(problem.Activation[stage] - path.Retained[stage], path.Retained[stage])));
        var down = new Ramp(limit - largestFreed, count, stages.SelectMany(stage => new[]
        {
            (problem.Activation[stage] - path.Retained[stage], path.BackwardInput[stage]),
            (path.Retained[stage], path.BackwardWeight[stage]),
        }));
        var areDisjoint = up.Ticks + down.Ticks <= (Int128)count * stages.Sum(stage => path.WorkOf(stage) + problem.RegainWork(stage));
        var span = Ceiling(upAndBack + rest + (areDisjoint ? up.Lacking + down.Lacking : Int128.Max(up.Lacking, down.Lacking)), limit);
        if (problem.Objective == Objective.Span) return span;
        var toLastInputGradient = Ceiling(upAndBack + up.Lacking, limit) + Math.Max(path.Tail(first), path.BackwardWeight[first]);
        return path.Head(first) + Math.Max(span, toLastInputGradient);
    }

    private static long Ceiling(Int128 value, long divisor) => (long)((value + divisor - 1) / divisor);

    /// <summary>Memory being filled by operations of given units and ticks, so many of each, one after the other and the densest first.</summary>
    private readonly struct Ramp
    {
        /// <param name="room">The units to be filled.</param>
        /// <param name="count">How many operations there are of each kind.</param>
        /// <param name="kinds">Units that an operation of the kind fills, and its ticks.</param>
        public Ramp(long room, int count, IEnumerable<(long Units, long Ticks)> kinds)
        {
            var moves = kinds.Where(kind => kind.Units > 0).ToList();
            moves.Sort((one, other) => ((Int128)other.Units * one.Ticks).CompareTo((Int128)one.Units * other.Ticks));
            foreach (var (units, ticks) in moves)
            {
                if (room <= 0) break;
                var filled = (long)Int128.Min(room, (Int128)count * units);
                var time = (long)((Int128)filled * ticks / units);
                Lacking += (Int128)time * (room + (room - filled)) / 2;
                Ticks += time;
                room -= filled;
            }
        }

        /// <summary>Memory x time that stays empty meanwhile.</summary>
        public Int128 Lacking { get; }

        /// <summary>The time that it takes.</summary>
        public Int128 Ticks { get; }
    }
}

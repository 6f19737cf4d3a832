using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The work of a device, the idle time that its warm-up and its cool-down force on it, and for the makespan the way of the first
/// microbatch to it and of the last one from it. Holds for any placement of one pipe or two, whole microbatches of equal cost, with or without a limit.
/// </summary>
/// <remarks>
/// <para>
/// Take a device; lo is the first of its stages C, hi the last. All of it is about the device's own order, so operations of no duration
/// need no care: its first operation is a forward of lo, its first backward one of hi, its last forward one of hi, its last input gradient
/// one of lo, since each of the others has one of these before (after) it in the same microbatch.
/// </para>
/// <para>
/// Warm-up. Let j be the microbatch of the first backward. From the first operation to that backward's start at least Turn(lo, hi)
/// passes, as j has to go up and come back. Until then nothing is freed, so the forwards done by then all fit in memory, j's own on every
/// stage of C among them. That bounds their work; the rest of the window is idle: I1.
/// </para>
/// <para>
/// Cool-down. Let j be the microbatch of the last forward, which is on hi and starts at t. The input gradient of j on lo ends no earlier
/// than e = t + Turn(hi, lo) + B(lo), and its weight gradient no earlier than e + W(lo). What the device has to do from t on is in memory
/// at t: a whole activation for each backward still to come (j has one on every stage of C), the retained part for each weight gradient
/// still to come. That bounds this work by <c>heldBack</c>; the rest of the window, from t to the device's end, is idle: I2.
/// </para>
/// <para>
/// The windows. When the activations of all microbatches do not fit together, some backward ends before the last forward starts. The
/// windows are then disjoint and their idle times add up; otherwise the larger one counts.
/// </para>
/// <para>
/// Makespan. The device's first operation starts no earlier than Head(lo). Let E be the end of the last input gradient on lo, and w the
/// device's work after E: weight gradients only, that of E's own microbatch and others whose retained part was in memory beside its
/// whole activation, so W(lo) &lt;= w &lt;= <c>pending</c>. The stages before lo go on until E + Tail(lo), hence makespan >= E + max(w, Tail).
/// That is why the tail does not count in full: weight gradients that were put off fill it. Since E >= e and the work between t and E is
/// at most heldBack - w, the device is idle there for at least max(0, c + w - W(lo)), where c = e + W(lo) - t - heldBack may be negative.
/// So putting work off until after E costs idle time before E, unless c is negative. Head + I1 + (busy - w) + idle + max(w, Tail) is least at
/// w = W(lo) + max(0, -c), or at pending when that is less; there it is Head + I1 + busy + I2 + max(0, Tail - w).
/// </para>
/// <para>
/// Span. Take another device with a stage before lo, and lo' its lowest. The microbatch of the first forward on lo has its forward on lo' before, and that of
/// the last input gradient on lo has both gradients on lo' after it. So that device's span is at least H + I1 + (busy - w) + idle + T, with H from the start
/// of a forward on lo' to that on lo, and T from the end of an input gradient on lo to that of the weight gradient on lo'; where lo' has no backward, the
/// lowest stage there that has one ends T. The span of the device itself is at least I1 + busy + idle, whatever w is. The larger of both is as with the
/// makespan, without its head and with H + T for its tail. No time is idle, I1 and idle left out, in the plain form
/// m (F + B) + (m - k) W + H + T, with k = pending / W the most weight gradients that memory can hold back.
/// </para>
/// <para>
/// Two pipes. Each pipe has a lo and a hi of its own on the device. The first backward, the last forward and the last input gradient each
/// belong to one of the pipes, not always the same; within that pipe all of the above holds, with the activations and the work of both
/// pipes in memory. So each term is the least over the pipes that it may belong to, and the last two over both choices together. The
/// windows are disjoint when the activations of all microbatches do not fit whichever pipe they are in. For the span only the device itself counts: of two
/// devices each may come first, in one of the pipes. The work of a device depends on how
/// many microbatches run down each pipe; the bound is the least over all shares of the largest over the devices.
/// </para>
/// <para>
/// Work at the turn, such as passes over a shard of the output layer. What waits for no forward is left out: without it a schedule is one of the problem
/// without it, no longer. In Turn the time between the last stage's forward and its backward counts. What a microbatch needs a device for in between,
/// and what nothing waits for after it, is done in the warm-up for microbatches whose activations on lo are in memory only, since all their forwards
/// on the device are over and no backward has been. After the last forward there is what is needed of those of whole activations on lo; and what
/// nothing waits for of all of these, and of all others as far as the memory goes that it holds.
/// </para>
/// <para>
/// Pairs that overlap. The work of a device counts each forward as much shorter as a pair saves at most, and what it takes beyond that as idle: both terms
/// do. A pair starts with its backward, so that no forward of the warm-up is in one, and there each takes its whole time. With work f and saving g of a
/// forward and n of them the window is at least n (f + g) long, beside Turn: idle are at least max(Turn - n f, n g), which is no less than Turn g / (f + g),
/// whatever n is. With several stages the least such share holds: max(a, b) is no less than any mean of the two that has no n in it but with a weight above 0.
/// </para>
/// <para>
/// Stages without a backward. What they do on a device and the memory that they hold meanwhile are left out: then C are the others. Where a pipe has none on
/// the device, only the work of the others counts.
/// </para>
/// <para>
/// Activations dropped after their forward and recomputed. In the warm-up a microbatch holds what is kept, or after more work the whole; j has the whole on
/// hi. After the last forward what is kept stands for the most work, recomputing included; where less is kept than retained, the retained part counts as
/// no more than that, which permits more. The windows are disjoint when what is kept of all microbatches does not fit beside what the last forward drops. On
/// the last stage recomputing stands between a microbatch's forward and its backward, so it counts in Turn.
/// </para>
/// </remarks>
internal sealed class WarmUpCoolDownBound : ILowerBound
{
    public string Name => "warm-up-cool-down";

    public FeatureSet Covers { get; } = [TwoPipesFeature.Id, RecomputeFeature.Id, OverlapFeature.Id, VocabularyFeature.Id, FrozenFeature.Id];

    public long? Prove(Problem problem)
    {
        var shares = new PipeShareWork(problem, ofTrained: true);
        return shares.Least([.. Enumerable.Range(0, problem.Devices).Select(device => new DeviceIdleTime(problem, shares.Paths, device).Least())]);
    }
}

using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private OverlapCosts? _overlapCosts;

    /// <summary>Whether overlapped pairs have a time of their own.</summary>
    public bool HasPairTimes => Profile.Overlap is not null;

    internal OverlapCosts OverlapCosts => _overlapCosts ??= new OverlapCosts(this);

    /// <summary>Ticks of a forward and a whole backward that overlap on one device: from the longer of the two to their sum.</summary>
    public long PairTime(Operation forward, Operation backward) => HasUnequalMicrobatches
        ? TicksUpward(forward.Microbatch, Forward[forward.Stage])
            + TicksDownward(backward.Microbatch, BackwardInput[backward.Stage] + BackwardWeight[backward.Stage])
        : PairTime(forward.Stage, backward.Stage);

    /// <summary>As <see cref="PairTime(Operation, Operation)"/>, of microbatches of factor 1, by the stages.</summary>
    public long PairTime(int forward, int backward) => OverlapCosts.Of(forward, backward);

    /// <summary>Ticks that a forward and a whole backward save when they overlap, by their stages.</summary>
    public long PairGain(int forward, int backward) => OverlapCosts.Gain(forward, backward);
}

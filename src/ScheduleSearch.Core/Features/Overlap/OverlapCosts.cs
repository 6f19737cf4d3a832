using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>Ticks of pairs that overlap.</summary>
internal sealed class OverlapCosts
{
    private readonly Problem _problem;

    public OverlapCosts(Problem problem)
    {
        _problem = problem;
        Pair = problem.Profile.Overlap is { } overlap ? problem.TicksOf(overlap.Duration) : [];
    }

    /// <summary>Ticks of a pair as the profile states them, by the stage of the forward; empty when it states none.</summary>
    public ImmutableArray<long> Pair { get; }

    /// <summary>Ticks of a pair, by the stages of its forward and backward: no more than one after the other.</summary>
    public long Of(int forward, int backward)
    {
        var apart = _problem.Forward[forward] + _problem.BackwardInput[backward] + _problem.BackwardWeight[backward];
        return Pair.IsEmpty ? apart : Math.Min(Pair[forward], apart);
    }

    /// <summary>Ticks that a pair saves.</summary>
    public long Gain(int forward, int backward) =>
        _problem.Forward[forward] + _problem.BackwardInput[backward] + _problem.BackwardWeight[backward] - Of(forward, backward);

    /// <summary>Ticks that a forward saves at most in any pair on its device, and never more than it takes.</summary>
    public long MostGain(int pipe, int stage) => Pair.IsEmpty ? 0 : Math.Min(
        _problem.Forward[stage],
        _problem.Placement.StagesOn(_problem.Placement.DeviceOf(pipe, stage)).Max(other => Gain(stage, other.Stage)));
}

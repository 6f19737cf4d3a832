using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>Ticks of pairs that overlap.</summary>
internal sealed class OverlapCosts
{
    private readonly Problem _problem;
    private readonly long[] _addedToForward;
    private readonly long[] _addedToBackward;

    public OverlapCosts(Problem problem)
    {
        _problem = problem;
        Pair = problem.Profile.Overlap is { } overlap ? problem.TicksOf(overlap.Duration) : [];
        var (times, stated) = (problem.Times, problem.Profile.Times);
        _addedToForward = Added(times.Forward, stated.Forward);
        _addedToBackward = [.. Added(times.BackwardInput, stated.BackwardInput).Zip(
            Added(times.BackwardWeight, stated.BackwardWeight), (input, weight) => input + weight)];

        long[] Added(StageValues with, StageValues without) => [.. problem.TicksOf(with).Zip(problem.TicksOf(without), (more, less) => more - less)];
    }

    /// <summary>Ticks of a pair as the profile states them, by the stage of the forward; empty when it states none.</summary>
    public ImmutableArray<long> Pair { get; }

    /// <summary>
    /// Ticks of a pair, by the stages of its forward and backward: no less than the longer of the two, and no more than one after the other. What features
    /// put on the times of stages overlaps with nothing.
    /// </summary>
    public long Of(int forward, int backward)
    {
        var (first, second) = (_problem.Forward[forward], BackwardOf(backward));
        return Pair.IsEmpty
            ? first + second
            : Math.Clamp(Pair[forward] + _addedToForward[forward] + _addedToBackward[backward], Math.Max(first, second), first + second);
    }

    /// <summary>Ticks that a pair saves.</summary>
    public long Gain(int forward, int backward) => _problem.Forward[forward] + BackwardOf(backward) - Of(forward, backward);

    /// <summary>Ticks that a forward saves at most in any pair on its device, and never more than it takes.</summary>
    public long MostGain(int pipe, int stage) => Pair.IsEmpty ? 0 : Math.Min(
        _problem.Forward[stage],
        _problem.Placement.StagesOn(_problem.Placement.DeviceOf(pipe, stage)).Max(other => Gain(stage, other.Stage)));

    private long BackwardOf(int stage) => _problem.BackwardInput[stage] + _problem.BackwardWeight[stage];
}

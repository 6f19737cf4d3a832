using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>Ticks of pairs that overlap.</summary>
internal sealed class OverlapCosts
{
    private readonly Problem _problem;
    private readonly Dictionary<(int Forward, int Backward), long> _pairs = [];

    public OverlapCosts(Problem problem)
    {
        _problem = problem;
        if (problem.Profile.Overlap is not { } overlap) return;
        var times = new PairTimes(problem.Profile, overlap);
        foreach (var (forward, backward) in times.Pairs)
        {
            // What features put on the times of stages overlaps with nothing; and rounded to ticks, a pair is no shorter than one of the two.
            var added = problem.Times.Forward[forward] - problem.Profile.Times.Forward[forward]
                + problem.Times.BackwardInput[backward] + problem.Times.BackwardWeight[backward] - times.BackwardOf(backward);
            var (first, second) = (problem.Forward[forward], BackwardOf(backward));
            _pairs[(forward, backward)] =
                Math.Clamp(problem.TimeScale.ToTicks(times.Of(forward, backward) + added), Math.Max(first, second), first + second);
        }
    }

    /// <summary>Ticks of a pair, by the stages of its forward and backward: at least the longer of the two, no more than one after the other.</summary>
    public long Of(int forward, int backward) =>
        _pairs.TryGetValue((forward, backward), out var ticks) ? ticks : _problem.Forward[forward] + BackwardOf(backward);

    /// <summary>Ticks that a pair saves: no more than the shorter of the two takes.</summary>
    public long Gain(int forward, int backward) => _problem.Forward[forward] + BackwardOf(backward) - Of(forward, backward);

    /// <summary>Ticks that a forward saves at most in any pair on its device, and never more than it takes.</summary>
    public long MostGain(int pipe, int stage) => _pairs.Count == 0 ? 0 :
        _problem.Placement.StagesOn(_problem.Placement.DeviceOf(pipe, stage)).Max(other => Gain(stage, other.Stage));

    private long BackwardOf(int stage) => _problem.BackwardInput[stage] + _problem.BackwardWeight[stage];
}

using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>What is proved of a few microbatches alone, and what follows for many: see <see cref="WindowBound"/>.</summary>
internal sealed class WindowTimes
{
    private readonly Problem _problem;
    private readonly long[] _between;
    private readonly SortedDictionary<int, long> _alone = [];

    public WindowTimes(Problem problem)
    {
        _problem = problem;
        _between = new long[problem.Microbatches + 1];
        OfferBetween(1, problem.Forward[0]);
    }

    /// <summary>Ticks that lie at least between the first starts of two microbatches, one so many behind the other.</summary>
    public long Between(int microbatches) => _between[microbatches];

    /// <summary>Ticks that so many microbatches alone take at least.</summary>
    public long Alone(int microbatches) =>
        _alone.Where(known => known.Key <= microbatches).Select(known => known.Value + _between[microbatches - known.Key]).DefaultIfEmpty(0).Max();

    /// <summary>Windows add up: the longest sum of windows that are proved.</summary>
    public void OfferBetween(int microbatches, long ticks)
    {
        for (var count = microbatches; count < _between.Length; count++) _between[count] = Math.Max(_between[count], _between[count - microbatches] + ticks);
    }

    /// <summary>The same of a problem whose ticks may be coarser.</summary>
    public void OfferBetween(int microbatches, long ticks, Problem problem) =>
        OfferBetween(microbatches, _problem.TimeScale.ToTicks(problem.TimeScale.FromTicks(ticks)));

    public void OfferAlone(int microbatches, long ticks) => _alone[microbatches] = Math.Max(ticks, _alone.GetValueOrDefault(microbatches));

    /// <summary>The same pipeline with so many microbatches; null when its numbers would be scaled in another way.</summary>
    public Problem? Smaller(int microbatches)
    {
        var profile = _problem.Profile with { Pipeline = _problem.Profile.Pipeline with { Microbatches = microbatches } };
        var smaller = Problem.Create(profile, Objective.Makespan, _problem.SplitBackward, ProblemLimits.None);
        if (smaller.TimeScale.Digits != _problem.TimeScale.Digits || smaller.MemoryScale.Digits != _problem.MemoryScale.Digits) return null;
        OfferAlone(microbatches, BoundCatalogue.Best(smaller).Ticks);
        return smaller;
    }

    /// <summary>The first device alone with so many microbatches, the others being lags; null where that is not to be had.</summary>
    public Problem? SmallerOnFirstDevice(int microbatches) => FirstDevice.Of(_problem, microbatches);
}

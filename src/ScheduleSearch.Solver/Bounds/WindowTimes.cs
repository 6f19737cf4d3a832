using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>What is proved of a few microbatches alone, and what follows for many: see <see cref="WindowBound"/>.</summary>
internal sealed class WindowTimes
{
    private readonly Problem _problem;
    private readonly long[] _between;
    private readonly SortedDictionary<int, long> _alone = [];
    private readonly Dictionary<int, Problem?> _smaller = [];

    public WindowTimes(Problem problem)
    {
        _problem = problem;
        _between = new long[problem.Microbatches + 1];
        OfferBetween(1, problem.Forward[0]);
    }

    /// <summary>Microbatches of the whole problem.</summary>
    public int Microbatches => _problem.Microbatches;

    /// <summary>Ticks that lie at least between the first starts of two microbatches, one so many after the other.</summary>
    public long Between(int microbatches) => _between[microbatches];

    /// <summary>Ticks that so many microbatches alone take at least.</summary>
    public long Alone(int microbatches) =>
        _alone.Where(known => known.Key <= microbatches).Select(known => known.Value + _between[microbatches - known.Key]).DefaultIfEmpty(0).Max();

    /// <summary>Windows add up: the longest sum of windows that are proved.</summary>
    public void OfferBetween(int microbatches, long ticks)
    {
        for (var count = microbatches; count < _between.Length; count++) _between[count] = Math.Max(_between[count], _between[count - microbatches] + ticks);
    }

    public void OfferAlone(int microbatches, long ticks) => _alone[microbatches] = Math.Max(ticks, _alone.GetValueOrDefault(microbatches));

    /// <summary>The same pipeline with so many microbatches; null when its numbers would be scaled in another way.</summary>
    public Problem? Smaller(int microbatches)
    {
        if (_smaller.TryGetValue(microbatches, out var known)) return known;
        var smaller = _problem.WithMicrobatches(microbatches);
        var same = smaller.TimeScale.Digits == _problem.TimeScale.Digits && smaller.MemoryScale.Digits == _problem.MemoryScale.Digits;
        if (same) OfferAlone(microbatches, BoundCatalogue.Best(smaller).Ticks);
        return _smaller[microbatches] = same ? smaller : null;
    }
}

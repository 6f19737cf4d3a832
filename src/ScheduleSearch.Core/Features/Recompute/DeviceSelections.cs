using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// The selections of the stages of one device. Where there are too many to go through, one stage after the other takes its next option, that which drops most
/// for its time first.
/// </summary>
internal sealed class DeviceSelections
{
    private const int MostTried = 256;

    /// <summary>No time counts as less, so that memory for nothing comes first.</summary>
    private const decimal Smallest = 1e-6m;

    private readonly RecomputeOptions _options;
    private readonly int[] _stages;
    private readonly decimal _limit;
    private readonly ImmutableArray<ImmutableArray<int>> _every;

    public DeviceSelections(Problem problem, RecomputeOptions options, int device)
    {
        _options = options;
        _stages = [.. problem.Placement.StagesOn(device).Select(place => place.Stage).Distinct()];
        _limit = problem.MemoryScale.FromTicks(problem.LimitOf(device));
        _every = options.Count(_stages, MostTried) <= MostTried ? [.. options.Every(_stages)] : [];
        Work = problem.TimeScale.FromTicks(_stages.Sum(stage => problem.WorkOnStage(stage) - problem.RegainWork(stage)));
    }

    /// <summary>The time of one microbatch on the device without recomputing.</summary>
    public decimal Work { get; }

    /// <summary>The time of one microbatch on the device with each selection.</summary>
    public IEnumerable<decimal> Times => Every(_ => 1).Select(selection => Work + TimeOf(selection));

    /// <summary>The quickest selection that has room for so many microbatches of each stage at once; where none has, the one that keeps least.</summary>
    public ImmutableArray<int> ForRoom(Func<int, decimal> microbatches) =>
        Every(microbatches).Select(selection => (Selection: selection, Held: HeldBy(selection, microbatches)))
            .OrderBy(each => each.Held <= _limit ? TimeOf(each.Selection) : decimal.MaxValue).ThenBy(each => each.Held).First().Selection;

    /// <summary>
    /// The selection that keeps least of so many microbatches of each stage, of those with which one takes no longer than a time; the quickest where none is
    /// as quick.
    /// </summary>
    public ImmutableArray<int> ForTime(decimal time, Func<int, decimal> microbatches) =>
        Every(microbatches).OrderBy(selection => Math.Max(0, Work + TimeOf(selection) - time)).ThenBy(selection => HeldBy(selection, microbatches)).First();

    private IEnumerable<ImmutableArray<int>> Every(Func<int, decimal> microbatches) => _every.IsEmpty ? Steps(microbatches) : _every;

    private IEnumerable<ImmutableArray<int>> Steps(Func<int, decimal> microbatches)
    {
        var selection = _options.None;
        yield return selection;
        while (_stages.Where(stage => selection[stage] + 1 < _options[stage].Length).ToList() is [_, ..] left)
        {
            var next = left.MaxBy(stage => microbatches(stage) * Worth(_options[stage][selection[stage]], _options[stage][selection[stage] + 1]));
            yield return selection = selection.SetItem(next, selection[next] + 1);
        }
    }

    /// <summary>What an option drops beyond the one before it, for its time beyond that.</summary>
    private static decimal Worth(RecomputeOption now, RecomputeOption next) =>
        (now.Kept - next.Kept) / Math.Max(next.Time - now.Time, Smallest);

    private decimal TimeOf(ImmutableArray<int> selection) => _stages.Sum(stage => _options.Of(selection, stage).Time);

    /// <summary>What microbatches keep, and what one stage holds besides while it recomputes.</summary>
    private decimal HeldBy(ImmutableArray<int> selection, Func<int, decimal> microbatches) =>
        _stages.Sum(stage => microbatches(stage) * _options.Of(selection, stage).Kept)
        + _stages.Max(stage => _options[stage][0].Kept - _options.Of(selection, stage).Kept);
}

using System.Collections.Immutable;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// The selections that are tried: all of them where they are few; else none, all, and of those that give the devices room for a number of microbatches at
/// once, or take no longer than some time, those of the least bounds, and of equal ones those that leave most room.
/// </summary>
/// <remarks>
/// Of a number of microbatches, either every stage has as many in memory, or each in proportion to the time from the start of its forward to the end of its
/// backward, as in 1F1B. A device takes the quickest of its selections that has the room. With a time that no microbatch shall take longer, devices of less
/// work recompute for nothing what memory they can.
/// </remarks>
internal sealed class RecomputeCandidates(Problem problem, RecomputeOptions options)
{
    private const int Most = 8, MostAims = 16, LeastAims = 3, MostStages = 2048;

    /// <summary>The aims of a kind that are tried, fewer where there are so many stages that a bound takes long.</summary>
    private readonly int _aims = Math.Clamp(MostStages / options.Stages, LeastAims, MostAims);

    /// <summary>Whether every selection is tried.</summary>
    public bool AreAll { get; } = options.Count(Enumerable.Range(0, options.Stages), Most) <= Most;

    /// <summary>The selections, those that recompute least first.</summary>
    public IEnumerable<ImmutableArray<int>> Selections()
    {
        var found = AreAll ? options.Every([.. Enumerable.Range(0, options.Stages)]) : Best();
        return found.OrderBy(TimeOf);
    }

    private decimal TimeOf(ImmutableArray<int> selection) => Enumerable.Range(0, options.Stages).Sum(stage => options.Of(selection, stage).Time);

    private IEnumerable<ImmutableArray<int>> Best()
    {
        ImmutableArray<int>[] ends = [options.None, options.All];
        var devices = Enumerable.Range(0, problem.Devices).Select(device => new DeviceSelections(problem, options, device)).ToList();
        return Wanted(devices).Select(Joined)
            .DistinctBy(selection => string.Join(',', selection))
            .Where(selection => !ends.Any(end => end.SequenceEqual(selection)))
            .Select(selection => (Selection: selection, Bound: BoundOf(selection)))
            .Where(candidate => candidate.Bound is not null)
            .OrderBy(candidate => candidate.Bound).ThenByDescending(candidate => TimeOf(candidate.Selection))
            .Take(Most - ends.Length)
            .Select(candidate => candidate.Selection)
            .Concat(ends);
    }

    /// <summary>The selections of the devices for each aim.</summary>
    private IEnumerable<IEnumerable<ImmutableArray<int>>> Wanted(List<DeviceSelections> devices)
    {
        var path = new MicrobatchPath(problem);
        var stays = Enumerable.Range(0, options.Stages).Select(stage => (decimal)path.Turn(stage, stage) + path.BackwardInput[stage]).ToList();
        var shares = stays.ConvertAll(stay => stay / Math.Max(1, stays.Max()));
        foreach (var most in Some([.. Enumerable.Range(1, Math.Min(problem.Microbatches, 2 * problem.Devices))]))
        {
            yield return devices.Select(device => device.ForRoom(_ => most));
            yield return devices.Select(device => device.ForRoom(stage => Math.Max(1, most * shares[stage])));
        }

        var busiest = devices.Max(device => device.Work);
        var times = devices.SelectMany(device => device.Times).Append(busiest).Where(time => time >= busiest).Distinct().Order();
        foreach (var time in Some([.. times])) yield return devices.Select(device => device.ForTime(time, stage => shares[stage]));
    }

    /// <summary>All aims, or as many as are tried, at equal distances.</summary>
    private IEnumerable<T> Some<T>(List<T> aims)
    {
        var count = Math.Min(aims.Count, _aims);
        return Enumerable.Range(0, count).Select(place => aims[(int)((long)place * aims.Count / count)]);
    }

    /// <summary>On two pipes a stage stands on two devices: what keeps less holds.</summary>
    private static ImmutableArray<int> Joined(IEnumerable<ImmutableArray<int>> devices) =>
        devices.Aggregate((one, other) => [.. one.Zip(other, Math.Max)]);

    /// <summary>What is proved of a selection in closed form; null where memory has no room for it.</summary>
    private decimal? BoundOf(ImmutableArray<int> selection)
    {
        var closed = new Problem(ClosedRecompute.Of(options, selection).Profile, problem.Objective, problem.SplitBackward, problem.Catalogue);
        return Enumerable.Range(0, closed.Placement.Pipes).Any(closed.HasRoomFor) ? closed.TimeScale.FromTicks(BoundCatalogue.Best(closed).Ticks) : null;
    }
}

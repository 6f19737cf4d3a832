using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Deals out the pieces of items that go to any device, item by item: each to the device that has the least to do in all, the first of equals. So all devices
/// have idle time left alike, as far as pieces can do that.
/// </summary>
internal sealed class FillDealing
{
    private readonly Problem _problem;
    private readonly long[] _work;
    private readonly List<FillPieces> _dealt = [];
    private readonly Dictionary<string, List<int>> _places = [];

    private FillDealing(Problem problem)
    {
        _problem = problem;
        _work = new long[problem.Devices];
        var ofPipe = (problem.Microbatches + problem.Placement.Pipes - 1) / problem.Placement.Pipes;
        for (var device = 0; device < _work.Length; device++)
            _work[device] = problem.Placement.StagesOn(device).Sum(place => ofPipe * problem.WorkOnStage(place.Stage));
        foreach (var item in Items.Where(item => item.Device is not null)) _work[item.Device!.Value] += Ticks(item) * (int)item.Parts;
    }

    private IEnumerable<FillItem> Items => _problem.Profile.Fill!;

    /// <summary>What each device does of each item, by item and then by device, those that it does nothing of left out.</summary>
    public static ImmutableArray<FillPieces> Of(Problem problem)
    {
        if (problem.Profile.Fill is null) return [];
        var dealing = new FillDealing(problem);
        foreach (var item in dealing.Items) dealing.Deal(item);
        return [.. dealing._dealt];
    }

    private void Deal(FillItem item)
    {
        var (counts, ticks, first) = (new int[_work.Length], Ticks(item), 0);
        if (item.Device is { } named) counts[named] = (int)item.Parts;
        for (var piece = 0; item.Device is null && piece < item.Parts; piece++)
        {
            var device = Array.IndexOf(_work, _work.Min());
            counts[device]++;
            _work[device] += ticks;
        }

        ImmutableArray<int> after = [.. item.After.SelectMany(name => _places[name])];
        long? deadline = item.Deadline is { } time ? _problem.TimeScale.ToTicksBelow(time) : null;
        _places[item.Name] = [];
        for (var device = 0; device < counts.Length; device++)
        {
            if (counts[device] == 0) continue;
            _places[item.Name].Add(_dealt.Count);
            _dealt.Add(new FillPieces(item.Name, device, ticks, first, counts[device], after, deadline, IsDealt: item.Device is null));
            first += counts[device];
        }
    }

    private long Ticks(FillItem item) => _problem.TimeScale.ToTicks(item.PartDuration);
}

using System.Collections.Immutable;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// The splits that are tried: all that leave no stage empty where they are few; else the even one and those of the least bounds, found by moving layers
/// between stages. The first moves make the busiest device less busy, the later ones lower what is proved of the split.
/// </summary>
internal sealed class SplitCandidates
{
    /// <summary>The most of which all are tried, fewer where each has its stages recompute in as many ways; and the most that are tried of more.</summary>
    private const int MostOfAll = 200, Most = 8;

    /// <summary>The most splits whose bounds are found, fewer where these take long: about a tenth of a second in all.</summary>
    private const int MostJudged = 200, LeastJudged = 8, MostOperations = 400_000;

    /// <summary>By how much the stages of splits with smaller messages may have more work than those of the best without regard to them.</summary>
    private static readonly decimal[] MoreWork = [0, 0.02m, 0.05m, 0.1m, 0.2m, 0.5m];

    /// <summary>The most stages whose work is added up while splits are compared, some tenths of a second: there are S^2 moves of S stages.</summary>
    private const long MostSteps = 4_000_000;

    private readonly Profile _profile;
    private readonly AskedWays _asked;
    private readonly LayerTicks _ticks;
    private readonly Placement _placement;
    private readonly int[][] _devices;
    private readonly SplitBottleneck _bottleneck;
    private readonly Dictionary<string, (decimal Time, Int128 Squares)?> _judged = [];
    private readonly List<((decimal Time, Int128 Squares) Cost, ImmutableArray<int> Split)> _found = [];
    private readonly int _mostJudged;
    private long _steps;

    public SplitCandidates(Profile profile, AskedWays asked)
    {
        (_profile, _asked, _placement) = (profile, asked, Problem.PlacementOf(profile));
        _ticks = new LayerTicks(profile, new LayerCosts(profile.Layers!), _placement);
        var stages = Enumerable.Range(0, _placement.Stages);
        _devices = [.. Enumerable.Range(0, _placement.Pipes).Select(pipe => stages.Select(stage => _placement.DeviceOf(pipe, stage)).ToArray())];
        _bottleneck = new SplitBottleneck(profile, asked);
        _mostJudged = Math.Clamp(MostOperations / (3 * _placement.Stages * profile.Pipeline.Microbatches), LeastJudged, MostJudged);
        AreAll = CountOfAll() <= (profile.Recompute is { IsLeftOpen: true } ? MostOfAll / Most : MostOfAll);
    }

    /// <summary>Whether every split that leaves no stage empty is tried.</summary>
    public bool AreAll { get; }

    /// <summary>L: how many layers there are.</summary>
    private int Layers => _ticks.Work.Length - 1;

    private ImmutableArray<int> Even => ClosedLayers.Even(Layers, _placement.Stages);

    /// <summary>The splits, the most promising first.</summary>
    public IEnumerable<ImmutableArray<int>> Splits()
    {
        if (AreAll) return Every(Layers, _placement.Stages).Select(split => split.ToImmutableArray());
        foreach (var start in Starts()) Judge(Balanced(start));
        foreach (var split in WithSmallMessages()) Judge(split);
        Improve();
        IEnumerable<ImmutableArray<int>> best = _found.OrderBy(found => found.Cost).Select(found => found.Split).Take(Most - 1);
        // Where memory holds none of them, the even one has the reason.
        return best.Append(Even).DistinctBy(KeyOf);
    }

    /// <summary>The number of ways to cut L layers into S stages that have one at least; capped.</summary>
    private long CountOfAll()
    {
        // As many ways to choose the cuts as to choose the places that are none.
        var (count, cuts) = (1L, Math.Min(_placement.Stages - 1, Layers - _placement.Stages));
        for (var cut = 1; cut <= cuts; cut++)
        {
            count = count * (Layers - cut) / cut;
            if (count > MostOfAll) return count;
        }

        return count;
    }

    private static IEnumerable<IEnumerable<int>> Every(int layers, int stages) => stages == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - stages + 1).SelectMany(first => Every(layers - first, stages - 1).Select(rest => rest.Prepend(first)));

    /// <summary>The even split, in both directions, the one in proportion to the speeds, and the one that dynamic programming finds.</summary>
    private IEnumerable<ImmutableArray<int>> Starts()
    {
        if (_bottleneck.IsExact && _bottleneck.Cut() is { } cut) yield return cut.Split;
        yield return Even;
        yield return [.. Even.Reverse()];
        if (_profile.Devices is { HasNoOtherSpeed: false } devices) yield return InProportion([.. _devices[0].Select(devices.SpeedOf)]);
    }

    /// <summary>Those of the smallest messages whose stages have little more work than those of the best, where the cuts decide what is sent.</summary>
    private List<ImmutableArray<int>> WithSmallMessages()
    {
        if (_found.Count == 0 || !_ticks.Messages.Differ || !_bottleneck.MayCut(MoreWork.Length)) return [];
        var load = _bottleneck.LargestLoadOf(_found.MinBy(found => found.Cost).Split);
        return [.. MoreWork.Select(more => _bottleneck.CutOfLeastMessages((long)(load * (1 + more)))).OfType<ImmutableArray<int>>()];
    }

    /// <summary>A layer for each stage, and of the others as many more as the stage's device is faster than those of all, to the nearest in turn.</summary>
    private ImmutableArray<int> InProportion(ImmutableArray<decimal> speeds)
    {
        var (others, all, before) = (Layers - speeds.Length, speeds.Sum(), 0m);
        return [.. speeds.Select(speed => 1 + (int)(Shared(before += speed) - Shared(before - speed)))];

        decimal Shared(decimal share) => decimal.Round(others * share / all);
    }

    /// <summary>Moves layers from one stage to another, one at a time, as long as the busiest device becomes less busy, or as busy ones fewer.</summary>
    private ImmutableArray<int> Balanced(ImmutableArray<int> split)
    {
        var load = LoadOf(split);
        while (_steps < MostSteps)
        {
            var next = Moves(split).Select(moved => (Split: moved, Load: LoadOf(moved))).MinBy(moved => moved.Load);
            if (next.Split.IsDefault || next.Load.CompareTo(load) >= 0) break;
            (split, load) = next;
        }

        return split;
    }

    /// <summary>From the best so far on, the best of its neighbours that load no device more than the busiest, as long as there is a better one.</summary>
    private void Improve()
    {
        var random = new Random(0);
        for (var isBetter = _found.Count > 0; isBetter && _steps < MostSteps;)
        {
            isBetter = false;
            var (cost, split) = _found.MinBy(found => found.Cost);
            var load = LoadOf(split);
            var near = Moves(split).Where(moved => IsWithin(LoadOf(moved), load)).ToArray();
            random.Shuffle(near);
            foreach (var moved in near)
            {
                if (_judged.Count >= _mostJudged) return;
                isBetter |= Judge(moved) is { } other && other.CompareTo(cost) < 0;
            }
        }
    }

    private static bool IsWithin((long Excess, long Busiest, Int128) load, (long Excess, long Busiest, Int128) most) =>
        (load.Excess, load.Busiest).CompareTo((most.Excess, most.Busiest)) <= 0;

    /// <summary>The splits with one layer moved, as long as there are steps left.</summary>
    private IEnumerable<ImmutableArray<int>> Moves(ImmutableArray<int> split) =>
        from giver in Enumerable.Range(0, split.Length)
        where split[giver] > 1
        from taker in Enumerable.Range(0, split.Length)
        where taker != giver && _steps < MostSteps
        select split.SetItem(giver, split[giver] - 1).SetItem(taker, split[taker] + 1);

    /// <summary>By how much devices lack memory for a microbatch, the work of the busiest, and the squares of all, which tell how many are busy.</summary>
    private (long Excess, long Busiest, Int128 Squares) LoadOf(ImmutableArray<int> split)
    {
        _steps += split.Length * _placement.Pipes;
        var (loads, held) = (new long[_placement.Devices], new long[_placement.Devices]);
        for (var pipe = 0; pipe < _devices.Length; pipe++)
        {
            var (devices, begin) = (_devices[pipe], 0);
            for (var stage = 0; stage < devices.Length; stage++)
            {
                var (device, end) = (devices[stage], begin + split[stage]);
                loads[device] += _ticks.Work[end] - _ticks.Work[begin];
                if (_ticks.CountsWeights) held[device] += _ticks.Weights[end] - _ticks.Weights[begin];
                if (pipe == 0) held[device] += _ticks.Activation[end] - _ticks.Activation[begin];
                begin = end;
            }
        }

        var (excess, busiest, squares) = (0L, 0L, (Int128)0);
        for (var device = 0; device < loads.Length; device++)
        {
            var load = _ticks.On(device, loads[device]);
            excess += Math.Max(0, held[device] - _ticks.RoomOf(device));
            busiest = Math.Max(busiest, load);
            squares += Math.BigMul(load, load);
        }

        return (excess, busiest, squares);
    }

    /// <summary>
    /// What is proved of a split, and how its work is spread; null where memory is short. Where it is left open which stages recompute, all do.
    /// </summary>
    private (decimal Time, Int128 Squares)? Judge(ImmutableArray<int> split)
    {
        var key = KeyOf(split);
        if (_judged.TryGetValue(key, out var known)) return known;
        var problem = new Problem(ClosedLayers.On(_profile, split), _asked.Objective, _asked.SplitBackward, _asked.Features);
        if (MemoryValidation.Check(problem).Count > 0) return _judged[key] = null;
        var cost = (problem.TimeScale.FromTicks(BoundCatalogue.Best(problem).Ticks), LoadOf(split).Squares);
        _found.Add((cost, split));
        return _judged[key] = cost;
    }

    private static string KeyOf(ImmutableArray<int> split) => string.Join(',', split);
}

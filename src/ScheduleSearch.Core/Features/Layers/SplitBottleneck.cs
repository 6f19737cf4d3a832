using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// The least time that the busiest device takes over all splits which leave no stage empty, by dynamic programming where every device has one stage, and by
/// counting (see <see cref="LeastLoad"/>) where it has several.
/// </summary>
/// <remarks>
/// <para>One stage to a device: a device begins its first forward once the layers before it have passed theirs on one microbatch, and its microbatches
/// take it m times the work of its layers. If backwards are not split, the layers before it have the last microbatch's backward before them after that; if
/// they are, its forwards, what it recomputes and its input gradients alone come before those, and all of its work is done in any case. Over all splits, the
/// largest such time of a stage is least where the stages are cut so that it is: the least, over the first layer of the last stage, of the larger of that
/// stage's time and of the least for the layers before it, in O(S x L^2). Under the objective span only the work counts. A stage that its device has no room
/// for on one microbatch is none. Layers take what their device makes of them, and those before a stage at least what the fastest device there does.</para>
/// <para>Where microbatches are cut in slices, the first slice alone comes before a device's first forward, and after its last backward; where they are
/// unequal, any may be the first or the last. The messages to a stage and back take at least the least over all ways to cut the layers before it. A pair of a
/// forward and a backward saves at most its share of the shorter of the two.</para>
/// <para>The source of the dynamic program is PipeDream's partitioning (Harlap et al. 2018), with the whole iteration in the place of a microbatch.</para>
/// </remarks>
internal sealed class SplitBottleneck
{
    /// <summary>Ticks that no scale has trouble with.</summary>
    private const decimal MostTicks = 1e15m;

    /// <summary>S x L^2 up to which the dynamic program takes a second at most, however little layers take.</summary>
    private const decimal MostCuts = 20_000_000;

    private const long None = -1;

    private readonly Profile _profile;
    private readonly LayerCosts _costs;
    private readonly LayerTicks _ticks;
    private readonly Placement _placement;
    private readonly AskedWays _asked;

    public SplitBottleneck(Profile profile, AskedWays asked)
    {
        (_profile, _costs, _placement, _asked) = (profile, new LayerCosts(profile.Layers!), Problem.PlacementOf(profile), asked);
        _ticks = new LayerTicks(profile, _costs, _placement);
    }

    /// <summary>Whether every device has one stage, and the cuts are few enough to go through.</summary>
    public bool IsExact => _placement.Stages == _placement.Devices && MayCut(1);

    /// <summary>Whether there is one pipe, and the cuts are few enough to go through so often.</summary>
    public bool MayCut(int times) => _placement.Pipes == 1 && (decimal)times * _placement.Stages * _costs.Count * _costs.Count <= MostCuts;

    /// <summary>
    /// A profile of one operation on one device that takes the least time that any split does: its only schedule is no worse than any of any split. Null
    /// where no split leaves every device the room that it needs.
    /// </summary>
    public Profile? Relaxed()
    {
        var least = IsExact ? Cut()?.Time : new LeastLoad(_profile, _costs, _ticks, _placement).Time();
        return least is { } time ? Taking(Floor(time)) : null;
    }

    /// <summary>
    /// The split whose busiest stage takes least, and that time; null where devices have no room for any split. Only where <see cref="IsExact"/>.
    /// </summary>
    public (decimal Time, ImmutableArray<int> Split)? Cut() => Cut(
        long.MaxValue, (times, least, begin, end) => Math.Max(least, times.Of(begin, end))) is { } cut
            ? (_ticks.TimeScale.FromTicks(cut.Ticks), cut.Split)
            : null;

    /// <summary>The split whose messages take least of those in which no stage has more work than some ticks; null where there is none.</summary>
    /// <param name="most">Ticks of work of an iteration.</param>
    public ImmutableArray<int>? CutOfLeastMessages(long most) =>
        Cut(most, (times, least, begin, _) => least + times.MessagesAt(begin))?.Split;

    /// <summary>The largest work of a stage of a split, in ticks of an iteration.</summary>
    public long LargestLoadOf(ImmutableArray<int> split)
    {
        var first = LayerCosts.FirstOf(split);
        return Enumerable.Range(0, split.Length).Max(stage =>
            new StageTimes(_ticks, _placement, _asked, stage, MessageSums.OfFirst(_costs.Count)).LoadOf(first[stage], first[stage + 1]));
    }

    /// <summary>The split of the least value, found stage by stage from those of the layers before it.</summary>
    /// <param name="most">The most ticks of work of a stage.</param>
    /// <param name="value">The value with one more stage: by that stage, the value before it, its first layer and the end of its last.</param>
    private (long Ticks, ImmutableArray<int> Split)? Cut(long most, Func<StageTimes, long, int, int, long> value)
    {
        var (stages, layers) = (_placement.Stages, _costs.Count);
        var (least, cuts, messages) = (new long[layers + 1], new int[stages, layers + 1], MessageSums.OfFirst(layers));
        Array.Fill(least, None);
        least[0] = 0;
        for (var stage = 0; stage < stages; stage++)
        {
            if (stage > 0) messages = messages.Next(_ticks, stage);
            var (next, times) = (new long[layers + 1], new StageTimes(_ticks, _placement, _asked, stage, messages));
            Array.Fill(next, None);
            // Each stage before it has a layer, and so does each after it.
            for (var end = stage + 1; end <= layers - (stages - stage - 1); end++)
            {
                for (var begin = end - 1; begin >= stage && times.HasRoom(begin, end) && times.LoadOf(begin, end) <= most; begin--)
                {
                    if (least[begin] == None) continue;
                    var found = value(times, least[begin], begin, end);
                    if (next[end] == None || found < next[end]) (next[end], cuts[stage, end]) = (found, begin);
                    // A stage that begins earlier has more work still.
                    if (most == long.MaxValue && times.LoadOf(begin, end) > next[end]) break;
                }
            }

            least = next;
        }

        if (least[layers] == None) return null;
        var split = new int[stages];
        for (var (stage, end) = (stages - 1, layers); stage >= 0; end = cuts[stage, end], stage--) split[stage] = end - cuts[stage, end];
        return (least[layers], [.. split]);
    }

    private Profile Taking(decimal time) => new()
    {
        Mode = IterationMode.Forward,
        Pipeline = new() { Devices = 1, Microbatches = 1 },
        Times = new() { Unit = _profile.Times.Unit, Forward = time, BackwardInput = 0, BackwardWeight = 0 },
    };

    /// <summary>Digits that the scale of a problem of one number holds whatever its size, rounded down so that it remains a bound.</summary>
    private static decimal Floor(decimal time)
    {
        var factor = 1_000_000_000m;
        while (factor > 1 && time * factor > MostTicks) factor /= 10;
        return decimal.Floor(time * factor) / factor;
    }
}

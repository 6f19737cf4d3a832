using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// What consecutive layers take on each device and hold there, in whole ticks and units: never more than in the stages that a split makes, and exactly as
/// much where the numbers fit and no speed divides them. Entry i of each list is the sum of the first i layers, at the speed 1.
/// </summary>
internal sealed class LayerTicks
{
    /// <summary>Times beyond this are cut off, so that sums of a few of them are in range.</summary>
    private const long Longest = 1L << 60;

    private const int Thousand = FactorMember<ModelLayer>.PartsOfOne;

    private readonly long[] _speeds;
    private readonly long[]? _room;

    public LayerTicks(Profile profile, LayerCosts costs, Placement placement)
    {
        _speeds = [.. Enumerable.Range(0, placement.Devices).Select(device => (long)(profile.SpeedOf(device) * Thousand))];
        var links = profile.Times.Communication.TimesOn(placement).Select(link => link.Time).ToList();
        TimeScale = DecimalScale.For(
            [.. Each(costs.Forward), .. Each(costs.BackwardInput), .. Each(costs.BackwardWeight), .. Each(costs.Recompute), .. links],
            (profile.Pipeline.Microbatches + 1) * (costs.Work[^1] + costs.Recompute[^1]) * Thousand / Math.Min(Thousand, _speeds.Min()) + links.Sum(),
            _speeds.All(speed => speed == Thousand) ? 0 : DecimalScale.SpareDigits);
        Forward = Sums(costs.Forward, TimeScale);
        BackwardInput = Sums(costs.BackwardInput, TimeScale);
        BackwardWeight = Sums(costs.BackwardWeight, TimeScale);
        Frozen = FrozenIn(profile);
        EachRecompute = [.. RecomputedIn(profile, Frozen)];
        Recompute = new long[costs.Count + 1];
        for (var layer = 0; layer < costs.Count; layer++) Recompute[layer + 1] = Recompute[layer] + TimeScale.ToTicksBelow(EachRecompute[layer]);
        Work = [.. Enumerable.Range(0, costs.Count + 1).Select(layers =>
            Forward[layers] + BackwardInput[layers] + BackwardWeight[layers] + Recompute[layers])];

        decimal[][] held = [costs.Activation, costs.Retained, costs.Weights];
        // Room for more than there is, for each of two pipes, changes nothing.
        var (most, given) = (2 * held.Sum(sums => sums[^1]), profile.RoomOfDevices());
        decimal[] room = [.. Enumerable.Range(0, given is null ? 0 : placement.Devices).Select(device => Math.Min(most, given![device]))];
        var units = DecimalScale.For([.. held.SelectMany(Each), .. room], most);
        (Activation, Retained, Weights) = (Sums(costs.Activation, units), Sums(costs.Retained, units), Sums(costs.Weights, units));
        _room = given is null ? null : [.. room.Select(amount => units.ToTicksAbove(amount))];
        CountsWeights = profile.Memory?.Total is not null;
    }

    /// <summary>The scale of times.</summary>
    public DecimalScale TimeScale { get; }

    /// <summary>Ticks of forwards.</summary>
    public long[] Forward { get; }

    /// <summary>Ticks of input gradients.</summary>
    public long[] BackwardInput { get; }

    /// <summary>Ticks of weight gradients.</summary>
    public long[] BackwardWeight { get; }

    /// <summary>Ticks of recomputing, of the layers that every split has recomputed.</summary>
    public long[] Recompute { get; }

    /// <summary>The time of that, layer by layer.</summary>
    public ImmutableArray<decimal> EachRecompute { get; }

    /// <summary>Ticks of all of these.</summary>
    public long[] Work { get; }

    /// <summary>
    /// The first layers that may be without a backward, and their stages with them: where the mode is not said, all whose gradients take no time. None of
    /// these stages is sent a gradient.
    /// </summary>
    public int Frozen { get; }

    /// <summary>Memory that forwards take.</summary>
    public long[] Activation { get; }

    /// <summary>Memory that lives until weight gradients end.</summary>
    public long[] Retained { get; }

    /// <summary>Memory of weights.</summary>
    public long[] Weights { get; }

    /// <summary>Whether weights count against what a device may hold.</summary>
    public bool CountsWeights { get; }

    /// <summary>What a device may hold; no more than all that there is, and <see cref="long.MaxValue"/> where it is unlimited.</summary>
    public long RoomOf(int device) => _room?[device] ?? long.MaxValue;

    /// <summary>The time that work of so many ticks takes on a device.</summary>
    public long On(int device, long ticks) =>
        _speeds[device] == Thousand ? ticks : (long)Int128.Min((Int128)ticks * Thousand / _speeds[device], Longest);

    /// <summary>The fastest of some devices, at least one.</summary>
    public int Fastest(IEnumerable<int> devices) => devices.MaxBy(device => _speeds[device]);

    private static int FrozenIn(Profile profile) => profile.Mode is not null
        ? 0
        : profile.Layers!.OneByOne().TakeWhile(layer => layer.BackwardInput + layer.BackwardWeight == 0).Count();

    /// <summary>The time of recomputing each layer that keeps less than its activation and has a backward, where all stages recompute; else 0.</summary>
    private static IEnumerable<decimal> RecomputedIn(Profile profile, int frozen)
    {
        var isAll = profile.Mode != IterationMode.Forward && profile.Recompute is null or { Stages: null, IsLeftOpen: false };
        return profile.Layers!.OneByOne().Select((layer, index) =>
            isAll && index >= frozen && layer.Recompute?.Kept < (layer.Activation ?? 0) ? layer.RecomputeTime : 0);
    }

    /// <summary>Each layer is rounded down by itself, and so is every difference of sums.</summary>
    private static long[] Sums(decimal[] sums, DecimalScale scale)
    {
        var ticks = new long[sums.Length];
        for (var layer = 1; layer < sums.Length; layer++) ticks[layer] = ticks[layer - 1] + scale.ToTicksBelow(sums[layer] - sums[layer - 1]);
        return ticks;
    }

    private static IEnumerable<decimal> Each(decimal[] sums) => Enumerable.Range(1, sums.Length - 1).Select(layer => sums[layer] - sums[layer - 1]);
}

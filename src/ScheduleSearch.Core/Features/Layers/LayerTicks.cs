using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Features.Slices;
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

    /// <summary>What rounding slices to ticks takes off one at most: a tick of the spare digits, or of as many as the sum of all times has room for.</summary>
    private const decimal LeastOfSlice = 1e-6m, PartOfSum = 1e-12m;

    private readonly long[] _speeds;
    private readonly long[]? _room;
    private readonly long _lostByStage;

    public LayerTicks(Profile profile, LayerCosts costs, Placement placement)
    {
        var (factors, slices) = (new MicrobatchFactors(profile), profile.Slices is { Count: > 1 } cut ? SequenceShares.Of(cut) : SliceShares.Whole);
        _speeds = [.. Enumerable.Range(0, placement.Devices).Select(device => (long)(profile.SpeedOf(device) * Thousand))];
        Messages = new LayerMessages(profile, costs, placement);
        var most = Math.Max(Thousand, factors.Forward.Concat(factors.Backward).Max());
        var sum = (profile.Pipeline.Microbatches + 1) * (costs.Work[^1] + costs.Recompute[^1]) * most / Math.Min(Thousand, _speeds.Min());
        IsSliced = slices.Forward.Length > 1;
        TimeScale = DecimalScale.For(
            [.. Each(costs.Forward), .. Each(costs.BackwardInput), .. Each(costs.BackwardWeight), .. Each(costs.Recompute), .. Messages.Times],
            sum + Messages.Most,
            Math.Max(
                _speeds.All(speed => speed == Thousand) && !IsSliced ? 0 : DecimalScale.SpareDigits,
                factors.AreUnequal ? FactorMember<ModelLayer>.MostDigits : 0));
        var (forwards, backwards) = (factors.Forward.Sum(), factors.Backward.Sum());
        (Forwards, Backwards) = ((decimal)forwards / Thousand, (decimal)backwards / Thousand);
        Forward = Sums(costs.Forward, TimeScale, forwards);
        BackwardInput = Sums(costs.BackwardInput, TimeScale, backwards);
        BackwardWeight = Sums(costs.BackwardWeight, TimeScale, backwards);
        Frozen = FrozenIn(profile, costs);
        EachRecompute = [.. RecomputedIn(profile, Frozen)];
        var recompute = new decimal[costs.Count + 1];
        for (var layer = 0; layer < costs.Count; layer++) recompute[layer + 1] = recompute[layer] + EachRecompute[layer];
        Recompute = Sums(recompute, TimeScale, forwards);
        Work = [.. Enumerable.Range(0, costs.Count + 1).Select(layers =>
            Forward[layers] + BackwardInput[layers] + BackwardWeight[layers] + Recompute[layers])];

        // Whichever slice of whichever microbatch comes first, or last, is at least the first slice of the shortest.
        var (first, last) = (ShareOf(slices.Forward) * factors.Forward.Min() / Thousand, ShareOf(slices.Backward) * factors.Backward.Min() / Thousand);
        FirstForward = Sums(costs.Forward, TimeScale, first);
        LastInput = Sums(costs.BackwardInput, TimeScale, last);
        LastWeight = Sums(costs.BackwardWeight, TimeScale, last);
        _lostByStage = IsSliced ? TimeScale.ToTicksAbove(Math.Max(LeastOfSlice, PartOfSum * sum)) : 0;

        var largest = factors.Activation.Max();
        decimal[][] held = [costs.Activation, costs.Passing, costs.Kept, costs.Retained, costs.Weights, costs.KeyValue];
        // Room for more than there is, for each of two pipes, changes nothing.
        var (all, given) = (2 * slices.Forward.Length * held.Sum(sums => sums[^1]) * Math.Max(Thousand, largest) / Thousand, profile.RoomOfDevices());
        decimal[] room = [.. Enumerable.Range(0, given is null ? 0 : placement.Devices).Select(device => Math.Min(all, given![device]))];
        var units = DecimalScale.For(
            [.. held.SelectMany(Each), .. room], all, factors.AreUnequal ? FactorMember<ModelLayer>.MostDigits : 0);
        (Activation, Passing, Kept) = (Sums(costs.Activation, units, largest), Sums(costs.Passing, units, largest), Sums(costs.Kept, units, largest));
        (Retained, Weights) = (Sums(costs.Retained, units, largest), Sums(costs.Weights, units, Thousand));
        KeysAndValues = Sums(costs.KeyValue, units, slices.Forward.Length * largest);
        _room = given is null ? null : [.. room.Select(amount => units.ToTicksAbove(amount))];
        CountsWeights = profile.Memory?.Total is not null;
        HasBackwards = profile.Mode != IterationMode.Forward;
        Gain = HasBackwards && profile.Overlap?.Gain is { IsScalar: true } gain ? gain[0, 0] : 0;
        GainOfStage = Gain * (profile.Pipeline.Microbatches - 1) / profile.Pipeline.Microbatches;
    }

    /// <summary>The scale of times.</summary>
    public DecimalScale TimeScale { get; }

    /// <summary>The messages between stages.</summary>
    public LayerMessages Messages { get; }

    /// <summary>Whether microbatches are cut in slices.</summary>
    public bool IsSliced { get; }

    /// <summary>Whether stages have backwards.</summary>
    public bool HasBackwards { get; }

    /// <summary>How many forwards of a microbatch of factor 1 all forwards of an iteration take as long as.</summary>
    public decimal Forwards { get; }

    /// <summary>The same of gradients.</summary>
    public decimal Backwards { get; }

    /// <summary>Ticks of forwards of an iteration.</summary>
    public long[] Forward { get; }

    /// <summary>Ticks of input gradients of an iteration.</summary>
    public long[] BackwardInput { get; }

    /// <summary>Ticks of weight gradients of an iteration.</summary>
    public long[] BackwardWeight { get; }

    /// <summary>Ticks of recomputing in an iteration, of the layers that every split has recomputed.</summary>
    public long[] Recompute { get; }

    /// <summary>The time of that on a microbatch, layer by layer.</summary>
    public ImmutableArray<decimal> EachRecompute { get; }

    /// <summary>Ticks of all of these.</summary>
    public long[] Work { get; }

    /// <summary>Ticks of the forward that comes first on a stage, at least.</summary>
    public long[] FirstForward { get; }

    /// <summary>Ticks of the input gradient that comes last, at least.</summary>
    public long[] LastInput { get; }

    /// <summary>Ticks of the weight gradient of that.</summary>
    public long[] LastWeight { get; }

    /// <summary>The share of the shorter of a forward and a backward that carrying them out together saves.</summary>
    public decimal Gain { get; }

    /// <summary>The same of all that a stage alone on its device does: its first forward comes before every backward, and is in no pair.</summary>
    public decimal GainOfStage { get; }

    /// <summary>
    /// The first layers that may be without a backward, and their stages with them: where the mode is not said, all whose gradients take no time. None of
    /// these stages is sent a gradient.
    /// </summary>
    public int Frozen { get; }

    /// <summary>Memory that forwards take for backwards, of the largest microbatch.</summary>
    public long[] Activation { get; }

    /// <summary>Memory that forwards of frozen layers take while they run.</summary>
    public long[] Passing { get; }

    /// <summary>What is left of the activation where a stage recomputes.</summary>
    public long[] Kept { get; }

    /// <summary>Memory that lives until weight gradients end.</summary>
    public long[] Retained { get; }

    /// <summary>Memory of the keys and values of all slices.</summary>
    public long[] KeysAndValues { get; }

    /// <summary>Memory of weights.</summary>
    public long[] Weights { get; }

    /// <summary>Whether weights count against what a device may hold.</summary>
    public bool CountsWeights { get; }

    /// <summary>Whether some device may hold only so much.</summary>
    public bool HasLimits => _room is not null;

    /// <summary>Ticks of the message to a stage, from 1 on, from the one before it, by the first layer of the stage.</summary>
    public long Up(int stage, int begin) => TimeScale.ToTicksBelow(Messages.Up(stage, begin));

    /// <summary>Ticks of the gradient from a stage to the one before it: 0 where that has no backward.</summary>
    public long Down(int stage, int begin) => begin > Frozen ? TimeScale.ToTicksBelow(Messages.Down(stage, begin)) : 0;

    /// <summary>What a device may hold; no more than all that there is, and <see cref="long.MaxValue"/> where it is unlimited.</summary>
    public long RoomOf(int device) => _room?[device] ?? long.MaxValue;

    /// <summary>The time that work of so many ticks takes on a device.</summary>
    public long On(int device, long ticks) =>
        _speeds[device] == Thousand ? ticks : (long)Int128.Min((Int128)ticks * Thousand / _speeds[device], Longest);

    /// <summary>The time of one operation of each of some stages, of so many ticks before their slices are rounded.</summary>
    public long OfStages(int device, int stages, long ticks) => Math.Max(0, On(device, ticks) - stages * _lostByStage);

    /// <summary>The fastest of some devices, at least one.</summary>
    public int Fastest(IEnumerable<int> devices) => devices.MaxBy(device => _speeds[device]);

    /// <summary>In training that is said, those are frozen that say so.</summary>
    private static int FrozenIn(Profile profile, LayerCosts costs) => profile.Mode is not null
        ? costs.Frozen
        : profile.Layers!.AsTrained().TakeWhile(layer => layer.BackwardInput + layer.BackwardWeight == 0).Count();

    /// <summary>The time of recomputing each layer that keeps less than its activation and has a backward, where all stages recompute; else 0.</summary>
    private static IEnumerable<decimal> RecomputedIn(Profile profile, int frozen)
    {
        var isAll = profile.Mode != IterationMode.Forward && profile.Recompute is null or { Stages: null, IsLeftOpen: false };
        return profile.Layers!.AsTrained().Select((layer, index) =>
            isAll && index >= frozen && layer.Recompute?.Kept < (layer.Activation ?? 0) ? layer.RecomputeTime : 0);
    }

    /// <summary>Each layer is rounded down by itself, and so is every difference of sums.</summary>
    /// <param name="sums">The sums of one microbatch's.</param>
    /// <param name="scale">Their scale.</param>
    /// <param name="thousandths">How often each counts, in thousandths.</param>
    private static long[] Sums(decimal[] sums, DecimalScale scale, long thousandths)
    {
        var ticks = new long[sums.Length];
        for (var layer = 1; layer < sums.Length; layer++)
            ticks[layer] = ticks[layer - 1] + (long)((Int128)scale.ToTicksBelow(sums[layer] - sums[layer - 1]) * thousandths / Thousand);
        return ticks;
    }

    private static long[] Sums(decimal[] sums, DecimalScale scale, decimal share)
    {
        var ticks = new long[sums.Length];
        for (var layer = 1; layer < sums.Length; layer++)
            ticks[layer] = ticks[layer - 1] + (long)decimal.Floor(scale.ToTicksBelow(sums[layer] - sums[layer - 1]) * share);
        return ticks;
    }

    private static decimal ShareOf(ImmutableArray<decimal> shares) => shares[0] / shares.Sum();

    private static IEnumerable<decimal> Each(decimal[] sums) => Enumerable.Range(1, sums.Length - 1).Select(layer => sums[layer] - sums[layer - 1]);
}

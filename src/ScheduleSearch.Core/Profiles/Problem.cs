using System.Collections.Immutable;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// A validated profile with an objective, in 64-bit integers: time in ticks and memory in units of the two scales, exact wherever the
/// profile's decimals fit. Search, replay, verification and bounds all work on these numbers.
/// </summary>
public sealed class Problem
{
    /// <summary>
    /// A least span is a mean over the devices that push each other, and a slice a share of a whole, so they may fall between the ticks of the
    /// profile's numbers.
    /// </summary>
    private const int SpareDigits = 6;

    private readonly long[] _lags;

    private readonly ImmutableArray<long>[] _forwardOfSlices;
    private readonly ImmutableArray<long>[] _backwardInputOfSlices;
    private readonly ImmutableArray<long>[] _backwardWeightOfSlices;
    private readonly ImmutableArray<long>[] _activationOfSlices;
    private readonly ImmutableArray<long>[] _retainedOfSlices;
    private readonly ImmutableArray<long> _overlapped;

    /// <summary>Scales the numbers of a profile that has passed <see cref="ProfileValidation"/>; whether a schedule fits its memory is not asked.</summary>
    internal Problem(Profile profile, Objective objective, bool splitBackward, string? family, FeatureCatalogue catalogue)
    {
        Catalogue = catalogue;
        Profile = profile;
        Objective = objective;
        SplitBackward = splitBackward;
        Family = family;
        Placement = PlacementOf(profile);
        Microbatches = profile.Pipeline.Microbatches;
        TimeScale = ScaleOfTimes(profile, Placement, objective);
        MemoryScale = ScaleOfMemory(profile, Placement);

        var times = profile.Times;
        Forward = PerStage(times.Forward, TimeScale.ToTicks);
        BackwardInput = PerStage(times.BackwardInput, TimeScale.ToTicks);
        BackwardWeight = PerStage(times.BackwardWeight, TimeScale.ToTicks);
        _lags = new long[Devices * Devices];
        for (var link = 0; link < _lags.Length; link++) _lags[link] = TimeScale.ToTicks(times.Communication[link / Devices, link % Devices]);

        // Where a scale cannot hold every digit, needs are rounded up and limits down: a schedule that fits the units fits the profile.
        var memory = profile.Memory;
        Activation = PerStage(memory?.Activation ?? 0, MemoryScale.ToTicksAbove);
        Retained = PerStage(memory?.Retained ?? memory?.Activation ?? 0, MemoryScale.ToTicksAbove);
        Weights = PerStage(memory?.Weights ?? 0, MemoryScale.ToTicksAbove);
        Limit = memory switch
        {
            { Limit: { } limit } => PerDevice(device => MemoryScale.ToTicksBelow(limit[device])),
            { Total: { } total } => PerDevice(device => MemoryScale.ToTicksBelow(total[device]) - WeightsOn(device)),
            _ => [],
        };

        _overlapped = profile.Overlap is { } overlap ? PerStage(overlap.Duration, TimeScale.ToTicks) : [];
        RecomputeTime = PerStage(profile.Recompute?.Time ?? times.Forward, TimeScale.ToTicks);
        Kept = PerStage(profile.Recompute?.Kept ?? 0, MemoryScale.ToTicksAbove);
        KeyValue = PerStage(profile.Slices?.KeyValue ?? 0, MemoryScale.ToTicksAbove);
        Shares = profile.Slices is { } slices ? SliceShares.Of(slices) : SliceShares.Whole;
        _forwardOfSlices = [.. Forward.Select(ticks => SliceShares.Cut(ticks, Shares.Forward))];
        _backwardInputOfSlices = [.. BackwardInput.Select(ticks => SliceShares.Cut(ticks, Shares.Backward))];
        _backwardWeightOfSlices = [.. BackwardWeight.Select(ticks => SliceShares.Cut(ticks, Shares.Backward))];
        _activationOfSlices = [.. Activation.Select(units => SliceShares.Cut(units, Shares.Activation))];
        _retainedOfSlices = [.. Retained.Select(units => SliceShares.Cut(units, Shares.Activation))];
        Features = [.. catalogue.All.Where(feature => feature.IsUsedBy(this))];
        Id = ProblemIdentity.Of(this);
    }

    /// <summary>The features that a profile may use.</summary>
    public FeatureCatalogue Catalogue { get; }

    /// <summary>The features that the problem uses: what does not cover them all says nothing of it.</summary>
    public ImmutableArray<IFeature> Features { get; }

    /// <summary>The profile as it was given.</summary>
    public Profile Profile { get; }

    /// <summary>What a schedule is judged by.</summary>
    public Objective Objective { get; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput.</summary>
    public bool SplitBackward { get; }

    /// <summary>The schedule family that is asked for by name in the place of a search; null for a search.</summary>
    public string? Family { get; }

    /// <summary>The SHA-256 of the canonical problem in 64 lower-case hex digits: the same problem has the same id everywhere.</summary>
    public string Id { get; }

    /// <summary>Where each stage stands.</summary>
    public Placement Placement { get; }

    /// <summary>p: the number of devices.</summary>
    public int Devices => Placement.Devices;

    /// <summary>S: the number of stages of a pipe.</summary>
    public int Stages => Placement.Stages;

    /// <summary>m: the number of microbatches, of all pipes together.</summary>
    public int Microbatches { get; }

    /// <summary>Ticks of a forward, by stage.</summary>
    public ImmutableArray<long> Forward { get; }

    /// <summary>Ticks of an input gradient, by stage.</summary>
    public ImmutableArray<long> BackwardInput { get; }

    /// <summary>Ticks of a weight gradient, by stage.</summary>
    public ImmutableArray<long> BackwardWeight { get; }

    /// <summary>Memory units that a forward takes when it starts, by stage.</summary>
    public ImmutableArray<long> Activation { get; }

    /// <summary>The part of the activation that lives until the weight gradient ends, by stage.</summary>
    public ImmutableArray<long> Retained { get; }

    /// <summary>Memory units of activations that a device may hold; empty when memory is unlimited.</summary>
    public ImmutableArray<long> Limit { get; }

    /// <summary>Memory units of a stage's weights, gradients and optimizer state, by stage.</summary>
    public ImmutableArray<long> Weights { get; }

    /// <summary>n: the slices that each microbatch is cut in along its sequence; 1 when it is not.</summary>
    public int SliceCount => Shares.Forward.Length;

    /// <summary>Memory units of a slice's keys and values, by stage: taken by its forward, freed with the input gradient of the first slice.</summary>
    public ImmutableArray<long> KeyValue { get; }

    /// <summary>Ticks of computing a forward again, by stage.</summary>
    public ImmutableArray<long> RecomputeTime { get; }

    /// <summary>Memory units that are kept of an activation until it is computed again, by stage.</summary>
    public ImmutableArray<long> Kept { get; }

    /// <summary>Whether overlapped pairs have a time of their own.</summary>
    public bool HasOverlap => !_overlapped.IsEmpty;

    /// <summary>Whether a microbatch on a stage is a forward and a backward and nothing else: no slices and nothing computed again.</summary>
    public bool IsWhole => SliceCount == 1 && Profile.Recompute is null or { Stages.IsEmpty: true };

    internal SliceShares Shares { get; }

    /// <summary>The scale of all times.</summary>
    public DecimalScale TimeScale { get; }

    /// <summary>The scale of all amounts of memory.</summary>
    public DecimalScale MemoryScale { get; }

    /// <summary>Ticks of latency from one device to another; 0 on one and the same device.</summary>
    public long Lag(int from, int to) => _lags[from * Devices + to];

    /// <summary>Ticks from the end of one stage's operation to the start of its neighbour's on the same route that waits for its result; 0 on one device.</summary>
    public long LagBetween(int pipe, int from, int to) => Lag(Placement.DeviceOf(pipe, from), Placement.DeviceOf(pipe, to));

    /// <summary>Ticks of the forward of a slice.</summary>
    public long ForwardOf(int stage, int slice) => _forwardOfSlices[stage][slice];

    /// <summary>Ticks of the input gradient of a slice.</summary>
    public long BackwardInputOf(int stage, int slice) => _backwardInputOfSlices[stage][slice];

    /// <summary>Ticks of the weight gradient of a slice.</summary>
    public long BackwardWeightOf(int stage, int slice) => _backwardWeightOfSlices[stage][slice];

    /// <summary>Memory units of the activation of a slice, without its keys and values.</summary>
    public long ActivationOf(int stage, int slice) => _activationOfSlices[stage][slice];

    /// <summary>The part of a slice's activation that lives until its weight gradient ends.</summary>
    public long RetainedOf(int stage, int slice) => _retainedOfSlices[stage][slice];

    /// <summary>Whether the activations of a stage are computed again for the backward.</summary>
    public bool Recomputes(int stage) => Profile.Recompute?.Covers(stage) ?? false;

    /// <summary>Ticks of a forward and a whole backward that overlap on one device, by their stages: no more than one after the other.</summary>
    public long Overlapped(int forward, int backward)
    {
        var apart = Forward[forward] + BackwardInput[backward] + BackwardWeight[backward];
        return HasOverlap ? Math.Min(_overlapped[forward], apart) : apart;
    }

    /// <summary>Ticks that a forward and a whole backward save when they overlap, by their stages.</summary>
    public long OverlapGain(int forward, int backward) =>
        Forward[forward] + BackwardInput[backward] + BackwardWeight[backward] - Overlapped(forward, backward);

    /// <summary>Memory units of the weights that a device holds, those of all its pipes.</summary>
    public long WeightsOn(int device) => Placement.StagesOn(device).Sum(stage => Weights[stage.Stage]);

    /// <summary>
    /// Memory units that a device needs at least for the microbatches of a pipe, in any order: the forwards of one microbatch on all its stages
    /// come before the first of its backwards there, so what they leave is held together; and one microbatch after the other needs no more.
    /// </summary>
    public long LeastMemory(int device, int pipe)
    {
        var (held, most) = (0L, 0L);
        foreach (var (_, stage) in Placement.StagesOn(device).Where(stage => stage.Pipe == pipe))
        {
            var whole = Activation[stage] + SliceCount * KeyValue[stage];
            var left = Recomputes(stage) ? Kept[stage] : whole;
            held += left;
            most = Math.Max(most, whole - left);
        }

        return held + most;
    }

    /// <summary>Whether one microbatch at a time can run down a pipe within every device's limit.</summary>
    public bool HasRoomFor(int pipe) => Enumerable.Range(0, Devices).All(device => LeastMemory(device, pipe) <= LimitOf(device));

    /// <summary>Memory units that a device may hold; <see cref="long.MaxValue"/> when unlimited.</summary>
    public long LimitOf(int device) => Limit.IsEmpty ? long.MaxValue : Limit[device];

    /// <summary>Validates a profile and scales its numbers.</summary>
    /// <param name="profile">The profile as it was given.</param>
    /// <param name="objective">What a schedule is judged by.</param>
    /// <param name="splitBackward">Whether backwardWeight may be scheduled apart from backwardInput.</param>
    /// <param name="limits">How large a problem may be; the default limits when null.</param>
    /// <param name="family">The schedule family that is asked for in the place of a search.</param>
    /// <param name="features">The features that the profile may use; those of the service when null.</param>
    /// <exception cref="InvalidProfileException">The profile has offending members; the exception lists them all.</exception>
    public static Problem Create(
        Profile profile,
        Objective objective = Objective.Makespan,
        bool splitBackward = true,
        ProblemLimits? limits = null,
        string? family = null,
        FeatureCatalogue? features = null)
    {
        var errors = ProfileValidation.Check(profile, limits ?? ProblemLimits.Default);
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        var problem = new Problem(profile, objective, splitBackward, family, features ?? FeatureCatalogue.Default);
        errors = MemoryValidation.Check(problem);
        return errors.Count == 0 ? problem : throw new InvalidProfileException(errors);
    }

    /// <summary>The same problem with another number of microbatches, at least 1. Its ticks may be finer or coarser.</summary>
    public Problem WithMicrobatches(int microbatches) =>
        new(Profile with { Pipeline = Profile.Pipeline with { Microbatches = microbatches } }, Objective, SplitBackward, Family, Catalogue);

    /// <summary>The placement of a profile whose shape is valid.</summary>
    internal static Placement PlacementOf(Profile profile) =>
        PlacementCatalogue.Find(profile.Pipeline.Placement ?? "linear")!.Place(profile.Pipeline);

    /// <summary>The scale of a valid profile's amounts of memory.</summary>
    internal static DecimalScale ScaleOfMemory(Profile profile, Placement placement)
    {
        if (profile.Memory is not { } memory) return DecimalScale.For([], 0);
        var activation = memory.Activation ?? 0;
        var weights = memory.Weights ?? 0;
        var (slices, keyValue, kept) = (profile.Slices?.Count ?? 1, profile.Slices?.KeyValue ?? 0, profile.Recompute?.Kept ?? 0);
        var most = profile.Pipeline.Microbatches * Enumerable.Range(0, placement.Stages).Sum(stage => activation[stage] + slices * keyValue[stage])
            + placement.Pipes * Enumerable.Range(0, placement.Stages).Sum(stage => weights[stage]);
        StageValues?[] all = [memory.Limit, memory.Total, activation, memory.Retained, weights, keyValue, kept];
        return DecimalScale.For(
            all.SelectMany(values => values?.Numbers ?? []),
            Math.Max(most, all.Max(values => values?.Numbers.Max() ?? 0)),
            spare: slices > 1 ? SpareDigits : 0);
    }

    private ImmutableArray<long> PerDevice(Func<int, long> units) => [.. Enumerable.Range(0, Devices).Select(units)];

    private ImmutableArray<long> PerStage(StageValues values, Func<decimal, long> toTicks) =>
        [.. Enumerable.Range(0, Stages).Select(stage => toTicks(values[stage]))];

    private static DecimalScale ScaleOfTimes(Profile profile, Placement placement, Objective objective)
    {
        var times = profile.Times;
        var stages = Enumerable.Range(0, placement.Stages);
        var longestLag = LinkNumbers(times.Communication, placement).DefaultIfEmpty(0).Max();
        var recompute = profile.Recompute is { } again ? again.Time ?? times.Forward : 0;
        // Operations one after the other, each message waited for: no timeline, head or tail is longer.
        var longest = profile.Pipeline.Microbatches
            * stages.Sum(stage => times.Forward[stage] + times.BackwardInput[stage] + times.BackwardWeight[stage] + recompute[stage] + 2 * longestLag);
        return DecimalScale.For(
            [
                .. times.Forward.Numbers, .. times.BackwardInput.Numbers, .. times.BackwardWeight.Numbers, .. LinkNumbers(times.Communication, placement),
                .. recompute.Numbers, .. profile.Overlap?.Duration.Numbers ?? [],
            ],
            longest,
            spare: objective == Objective.Span || profile.Slices is { Count: > 1 } ? SpareDigits : 0);
    }

    private static IEnumerable<decimal> LinkNumbers(LinkValues links, Placement placement) =>
        links.Scalar is { } scalar
            ? [scalar]
            : Enumerable.Range(0, placement.Devices * placement.Devices).Select(link => links[link / placement.Devices, link % placement.Devices]);
}

using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// A validated profile with an objective, in 64-bit integers: time in ticks and memory in units of the two scales, exact wherever the
/// profile's decimals fit. Search, replay, verification and bounds all work on these numbers.
/// </summary>
public sealed class Problem
{
    /// <summary>A least span is a mean over the devices that push each other, so it may fall between the ticks of the profile's numbers.</summary>
    private const int SpanDigits = 6;

    private readonly long[] _lags;

    private Problem(Profile profile, Objective objective, bool splitBackward)
    {
        Profile = profile;
        Objective = objective;
        SplitBackward = splitBackward;
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
        Limit = memory?.Limit is { } limit
            ? [.. Enumerable.Range(0, Devices).Select(device => MemoryScale.ToTicksBelow(limit[device]))]
            : [];
        Id = ProblemIdentity.Of(this);
    }

    /// <summary>The profile as it was given.</summary>
    public Profile Profile { get; }

    /// <summary>What a schedule is judged by.</summary>
    public Objective Objective { get; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput.</summary>
    public bool SplitBackward { get; }

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

    /// <summary>Memory units that a device may hold; empty when memory is unlimited.</summary>
    public ImmutableArray<long> Limit { get; }

    /// <summary>The scale of all times.</summary>
    public DecimalScale TimeScale { get; }

    /// <summary>The scale of all amounts of memory.</summary>
    public DecimalScale MemoryScale { get; }

    /// <summary>Ticks of latency from one device to another; 0 on one and the same device.</summary>
    public long Lag(int from, int to) => _lags[from * Devices + to];

    /// <summary>Memory units that a device may hold; <see cref="long.MaxValue"/> when unlimited.</summary>
    public long LimitOf(int device) => Limit.IsEmpty ? long.MaxValue : Limit[device];

    /// <summary>Validates a profile and scales its numbers.</summary>
    /// <param name="profile">The profile as it was given.</param>
    /// <param name="objective">What a schedule is judged by.</param>
    /// <param name="splitBackward">Whether backwardWeight may be scheduled apart from backwardInput.</param>
    /// <param name="limits">How large a problem may be; the default limits when null.</param>
    /// <exception cref="InvalidProfileException">The profile has offending members; the exception lists them all.</exception>
    public static Problem Create(
        Profile profile, Objective objective = Objective.Makespan, bool splitBackward = true, ProblemLimits? limits = null)
    {
        var errors = ProfileValidation.Check(profile, limits ?? ProblemLimits.Default);
        return errors.Count == 0 ? new Problem(profile, objective, splitBackward) : throw new InvalidProfileException(errors);
    }

    /// <summary>The same problem with another number of microbatches, at least 1. Its ticks may be finer or coarser.</summary>
    public Problem WithMicrobatches(int microbatches) =>
        new(Profile with { Pipeline = Profile.Pipeline with { Microbatches = microbatches } }, Objective, SplitBackward);

    /// <summary>The placement of a profile whose shape is valid.</summary>
    internal static Placement PlacementOf(Profile profile) =>
        PlacementCatalogue.Find(profile.Pipeline.Placement ?? "linear")!.Place(profile.Pipeline);

    /// <summary>The scale of a valid profile's amounts of memory.</summary>
    internal static DecimalScale ScaleOfMemory(Profile profile, Placement placement)
    {
        if (profile.Memory is not { } memory) return DecimalScale.For([], 0);
        var activation = memory.Activation ?? 0;
        var most = profile.Pipeline.Microbatches * Enumerable.Range(0, placement.Stages).Sum(stage => activation[stage]);
        return DecimalScale.For(
            [.. memory.Limit?.Numbers ?? [], .. activation.Numbers, .. memory.Retained?.Numbers ?? []],
            Math.Max(most, memory.Limit?.Numbers.Max() ?? 0));
    }

    private ImmutableArray<long> PerStage(StageValues values, Func<decimal, long> toTicks) =>
        [.. Enumerable.Range(0, Stages).Select(stage => toTicks(values[stage]))];

    private static DecimalScale ScaleOfTimes(Profile profile, Placement placement, Objective objective)
    {
        var times = profile.Times;
        var stages = Enumerable.Range(0, placement.Stages);
        var longestLag = LinkNumbers(times.Communication, placement).DefaultIfEmpty(0).Max();
        // Operations one after the other, each message waited for: no timeline, head or tail is longer.
        var longest = profile.Pipeline.Microbatches
            * stages.Sum(stage => times.Forward[stage] + times.BackwardInput[stage] + times.BackwardWeight[stage] + 2 * longestLag);
        return DecimalScale.For(
            [.. times.Forward.Numbers, .. times.BackwardInput.Numbers, .. times.BackwardWeight.Numbers, .. LinkNumbers(times.Communication, placement)],
            longest,
            spare: objective == Objective.Span ? SpanDigits : 0);
    }

    private static IEnumerable<decimal> LinkNumbers(LinkValues links, Placement placement) =>
        links.Scalar is { } scalar
            ? [scalar]
            : Enumerable.Range(0, placement.Devices * placement.Devices).Select(link => links[link / placement.Devices, link % placement.Devices]);
}

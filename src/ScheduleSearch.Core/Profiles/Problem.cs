using System.Collections.Immutable;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// A validated profile with an objective, in 64-bit integers: time in ticks and memory in units of the two scales, exact wherever the
/// profile's decimals fit. Search, replay, verification and bounds all work on these numbers.
/// </summary>
public sealed partial class Problem
{
    private readonly StageCosts _costs;
    private readonly LinkLags _lags;
    private readonly MemoryLimits _memory;
    private readonly ImmutableArray<ICostedFeature> _costed;
    private long[]? _addedWork;

    /// <summary>Scales the numbers of a profile that has passed <see cref="ProfileValidation"/>; whether a schedule fits its memory is not asked.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="objective">What a schedule is judged by.</param>
    /// <param name="splitBackward">Whether backwardWeight may be scheduled apart from backwardInput.</param>
    /// <param name="catalogue">The features that the profile may use.</param>
    /// <param name="robust">What schedules are judged by where durations vary; null where they do not.</param>
    /// <param name="isFine">Whether ticks tell times apart that lie between those of the profile's numbers, as they do for the span in any case.</param>
    /// <exception cref="ArgumentException">The profile has a section of a feature that is not in the catalogue.</exception>
    internal Problem(
        Profile profile, Objective objective, bool splitBackward, FeatureCatalogue catalogue, RobustObjective? robust = null, bool isFine = false)
    {
        catalogue.RefuseUnknown(profile);
        (profile, splitBackward) = catalogue.Decided(profile, splitBackward);
        profile = catalogue.Canonical(profile);
        (Profile, Objective, SplitBackward, Catalogue, Robust) = (profile, objective, splitBackward, catalogue, robust);
        (Placement, Microbatches) = (PlacementOf(profile), profile.Pipeline.Microbatches);
        TimeScale = ProblemScales.OfTimes(profile, Placement, isFine || objective == Objective.Span || robust is not null, catalogue);
        MemoryScale = ProblemScales.OfMemory(profile, Placement, catalogue);
        _costed = [.. catalogue.All.OfType<ICostedFeature>()];
        Times = _costed.Aggregate(profile.Times, (times, feature) => feature.TimesOf(profile, times));
        _costs = new StageCosts(this);
        _lags = new LinkLags(this);
        _memory = new MemoryLimits(this, _costed);
        Features = [.. catalogue.All.Where(feature => feature.IsUsedBy(this))];
        Id = ProblemIdentity.Of(this);
    }

    /// <summary>The features that a profile may use.</summary>
    public FeatureCatalogue Catalogue { get; }

    /// <summary>The features that the problem uses: what does not cover them all says nothing of it.</summary>
    public ImmutableArray<IFeature> Features { get; }

    /// <summary>The profile, in the one form that all have which ask for the same: see <see cref="ICanonicalFeature"/>.</summary>
    public Profile Profile { get; }

    /// <summary>What a schedule is judged by.</summary>
    public Objective Objective { get; }

    /// <summary>What schedules are judged by where durations vary; null where they are judged by the objective at the profile's durations.</summary>
    public RobustObjective? Robust { get; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput.</summary>
    public bool SplitBackward { get; }

    /// <summary>The SHA-256 of the canonical problem in 64 lower-case hex digits: the same problem has the same id everywhere.</summary>
    public string Id { get; }

    /// <summary>
    /// The id of the same problem with unlimited memory: what problems have in common that differ in nothing but how much a device may hold. A schedule of one
    /// is a schedule of each kin whose devices may hold as much, in the same ticks.
    /// </summary>
    public string KinId => Profile.Memory is { } memory and not { Limit: null, Total: null }
        ? new Problem(Profile with { Memory = memory with { Limit = null, Total = null } }, Objective, SplitBackward, Catalogue, Robust).Id
        : Id;

    /// <summary>Where each stage stands.</summary>
    public Placement Placement { get; }

    /// <summary>p: the number of devices.</summary>
    public int Devices => Placement.Devices;

    /// <summary>S: the number of stages of a pipe.</summary>
    public int Stages => Placement.Stages;

    /// <summary>m: the number of microbatches, of all pipes together.</summary>
    public int Microbatches { get; }

    /// <summary>Ticks of a forward, by stage.</summary>
    public ImmutableArray<long> Forward => _costs.Forward;

    /// <summary>Ticks of an input gradient, by stage.</summary>
    public ImmutableArray<long> BackwardInput => _costs.BackwardInput;

    /// <summary>Ticks of a weight gradient, by stage.</summary>
    public ImmutableArray<long> BackwardWeight => _costs.BackwardWeight;

    /// <summary>Memory units that a forward takes when it starts, by stage.</summary>
    public ImmutableArray<long> Activation => _costs.Activation;

    /// <summary>The part of the activation that lives until the weight gradient ends, by stage.</summary>
    public ImmutableArray<long> Retained => _costs.Retained;

    /// <summary>Memory units of activations that a device may hold; empty when memory is unlimited.</summary>
    public ImmutableArray<long> Limit => _memory.Limit;

    /// <summary>Memory units of a stage's weights, gradients and optimizer state, by stage.</summary>
    public ImmutableArray<long> Weights => _costs.Weights;

    /// <summary>The scale of all times.</summary>
    public DecimalScale TimeScale { get; }

    /// <summary>The scale of all amounts of memory.</summary>
    public DecimalScale MemoryScale { get; }

    /// <summary>Ticks of a message of no size from one device to another; 0 on one and the same device.</summary>
    public long Lag(int from, int to) => _lags[from, to];

    /// <summary>
    /// Ticks from the end of one stage's operation to the start of its neighbour's on the same route that waits for its result; 0 on one device.
    /// </summary>
    public long LagBetween(int pipe, int from, int to) =>
        from == to ? 0 : _lags.OfStage(pipe, from, up: Placement.Routes[pipe].Neighbour(from, up: true) == to);

    /// <summary>Memory units of the weights that a device holds, those of all its pipes.</summary>
    public long WeightsOn(int device) => _memory.WeightsOn(device);

    /// <summary>
    /// Memory units that a device needs at least for the microbatches of a pipe, in any order: a stage's forward holds its whole activation, and its
    /// backward what that grows to, beside what those of the same microbatch before it leave, whose backwards come later; and one microbatch after the
    /// other needs no more.
    /// </summary>
    public long LeastMemory(int device, int pipe) => _memory.LeastMemory(device, pipe);

    /// <summary>Whether one microbatch at a time can run down a pipe within every device's limit.</summary>
    public bool HasRoomFor(int pipe) => _memory.HasRoomFor(pipe);

    /// <summary>Whether every device has room for all that all microbatches hold at most, all at once: then memory rules no order out.</summary>
    public bool HasRoomForAll => _memory.HasRoomForAll();

    /// <summary>Memory units that a device may hold; <see cref="long.MaxValue"/> when unlimited.</summary>
    public long LimitOf(int device) => _memory.LimitOf(device);

    /// <summary>Ticks that a forward of a stage takes at least on its device, whatever it is carried out together with.</summary>
    public long LeastForward(int pipe, int stage) => Forward[stage] - _costed.Sum(feature => feature.SavedOfForward(this, pipe, stage));

    /// <summary>Ticks of work of one microbatch on a stage beyond its forward and both gradients.</summary>
    public long AddedWork(int stage) =>
        (_addedWork ??= [.. Enumerable.Range(0, Stages).Select(each => _costed.Sum(feature => feature.AddedWork(this, each)))])[stage];

    /// <summary>Memory units of a stage's activation that need not be held from the end of its forward to the beginning of its backward.</summary>
    public long DroppedAfterForward(int stage) => _costed.Sum(feature => feature.DroppedAfterForward(this, stage));

    /// <summary>Memory units of a stage's activation that are held from the start of its forward to the end of its backward.</summary>
    public long KeptAfterForward(int stage) => Activation[stage] - DroppedAfterForward(stage);

    /// <summary>Ticks of the added work on a stage that gets back what was dropped: between its forward and its backward, with all of it held.</summary>
    public long RegainWork(int stage) => _costed.Sum(feature => feature.RegainWork(this, stage));

    /// <summary>Ticks of the added work of a microbatch on a device that waits for no forward.</summary>
    public long EarlyWork(int device) => _costed.Sum(feature => feature.EarlyWork(this, device));

    /// <summary>Ticks of it that wait for the last stage's forward on the microbatch and that its backward there waits for.</summary>
    public long WorkAtTurn(int device) => _costed.Sum(feature => feature.WorkAtTurn(this, device));

    /// <summary>Ticks of it that wait for the last stage's forward on the microbatch and that nothing waits for.</summary>
    public long LateWork(int device) => _costed.Sum(feature => feature.LateWork(this, device));

    /// <summary>Memory units that a microbatch holds on a device beside its activations until that late work is done.</summary>
    public long HeldAtTurn(int device) => _costed.Sum(feature => feature.HeldAtTurn(this, device));

    /// <summary>Ticks from the end of the last stage's forward on a microbatch to the start of its backward there, at least.</summary>
    public long TurnDelay => _costed.Select(feature => feature.TurnDelay(this)).DefaultIfEmpty().Max();

    /// <summary>Validates a profile and scales its numbers.</summary>
    /// <param name="profile">The profile as it was given.</param>
    /// <param name="objective">What a schedule is judged by.</param>
    /// <param name="splitBackward">Whether backwardWeight may be scheduled apart from backwardInput.</param>
    /// <param name="limits">How large a problem may be; the default limits when null.</param>
    /// <param name="features">The features that the profile may use; those of the service when null.</param>
    /// <param name="robust">What schedules are judged by where durations vary; null where they do not.</param>
    /// <exception cref="InvalidProfileException">The profile has offending members; the exception lists them all.</exception>
    public static Problem Create(
        Profile profile,
        Objective objective = Objective.Makespan,
        bool splitBackward = true,
        ProblemLimits? limits = null,
        FeatureCatalogue? features = null,
        RobustObjective? robust = null)
    {
        var catalogue = features ?? FeatureCatalogue.Default;
        var errors = ProfileValidation.Check(profile, limits ?? ProblemLimits.Default, catalogue);
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        var open = catalogue.All.OfType<IOpenFeature>().ToList();
        profile = open.Aggregate(profile, (settled, feature) => feature.Settled(settled));
        errors = [.. open.Select(feature => OpenError(profile, feature)).OfType<ProfileError>()];
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        var problem = new Problem(profile, objective, splitBackward, catalogue, robust);
        errors = problem.HasWork ? MemoryValidation.Check(problem) : [WorkError];
        if (errors.Count == 0) errors = [.. catalogue.All.OfType<IDemandingFeature>().SelectMany(feature => feature.Faults(problem))];
        return errors.Count == 0 ? problem : throw new InvalidProfileException([.. errors.Select(error => catalogue.AsGiven(profile, error))]);
    }

    /// <summary>Validates a profile and scales its numbers, with what is optimised as options have it.</summary>
    /// <exception cref="InvalidProfileException">The profile has offending members, or the noise does not go with it; the exception lists them all.</exception>
    public static Problem Of(Profile profile, SolveOptions options, ProblemLimits limits) =>
        Create(profile, options.Objective, options.SplitBackward, limits, robust: options.Robust);

    /// <summary>The same operations in ticks that tell times apart which lie between those of its own numbers: those that means over devices need.</summary>
    public Problem InFinerTicks() => new(Profile, Objective.Span, SplitBackward, Catalogue);

    /// <summary>The same problem, objective and all, in ticks that tell times apart which lie between those of its own numbers: as measured ones do.</summary>
    public Problem InTicksOfMeasurements() => new(Profile, Objective, SplitBackward, Catalogue, isFine: true);

    /// <summary>Whether anything that there is takes time.</summary>
    private bool HasWork => Enumerable.Range(0, Stages).Any(stage => Forward[stage] + BackwardInput[stage] + BackwardWeight[stage] + AddedWork(stage) > 0);

    private static ProfileError WorkError => new(
        "$.profile.times.forward", "Is 0 on every stage, and no stage that has a backward has one that takes time: give something a time above 0.");

    /// <summary>The same problem with another number of microbatches, at least 1. Its ticks may be finer or coarser.</summary>
    public Problem WithMicrobatches(int microbatches) =>
        new(Profile with { Pipeline = Profile.Pipeline with { Microbatches = microbatches } }, Objective, SplitBackward, Catalogue);

    private static ProfileError? OpenError(Profile profile, IOpenFeature feature) => feature.IsLeftOpen(profile)
        ? new($"$.profile.{feature.OpenMember}", $"Has the ways tried, which only solve does: use {feature.ClosedWords}.")
        : null;

    /// <summary>
    /// The same problem without a feature and those after it in the catalogue, which have not yet completed an order when the feature does.
    /// </summary>
    /// <param name="feature">The name of the feature.</param>
    internal Problem Before(string feature) => Without(Catalogue.All.SkipWhile(each => each.Name != feature));

    /// <summary>The same problem without the features after one in the catalogue, which have not yet completed an order when that one does.</summary>
    /// <param name="feature">The name of the feature.</param>
    internal Problem Through(string feature) => Without(Catalogue.All.SkipWhile(each => each.Name != feature).Skip(1));

    private Problem Without(IEnumerable<IFeature> features)
    {
        var sections = features.SelectMany(feature => feature.Sections);
        var profile = sections.Aggregate(Profile, (rest, section) => rest with { Sections = rest.Sections.With(section.Type, null) });
        return new Problem(profile, Objective, SplitBackward, Catalogue, Robust);
    }

    /// <summary>The placement of a profile whose shape is valid.</summary>
    internal static Placement PlacementOf(Profile profile) =>
        PlacementCatalogue.Find(profile.Pipeline.Placement ?? "linear")!.Place(profile.Pipeline);

    /// <summary>The times of the stages with what features put on them.</summary>
    internal OperationTimes Times { get; }

    /// <summary>Ticks of the times of stages, to the nearest.</summary>
    internal ImmutableArray<long> TicksOf(StageValues times) => [.. Enumerable.Range(0, Stages).Select(stage => TicksOf(times[stage]))];

    /// <summary>Ticks of a time that a microbatch takes, to the nearest.</summary>
    internal long TicksOf(decimal time) => TimeScale.ToTicks(time, Grain);

    /// <summary>Memory units of the needs of stages, rounded up.</summary>
    internal ImmutableArray<long> UnitsOf(StageValues needs) => [.. Enumerable.Range(0, Stages).Select(stage => UnitsOf(needs[stage]))];

    /// <summary>Memory units of what a microbatch needs, rounded up.</summary>
    internal long UnitsOf(decimal need) => MemoryScale.ToTicksAbove(need, Grain);
}

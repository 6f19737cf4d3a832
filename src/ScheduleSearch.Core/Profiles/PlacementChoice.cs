using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// A profile that leaves its placement or how features are open. Where the placement is, every one of the catalogue with every number of chunks that
/// divides the profile's is an alternative, with consecutive stages merged into one where it has fewer; maps that come out the same are one, and
/// the placement explicit, whose map only a request can state, is none. Each of them goes with every way to close the features that is tried.
/// </summary>
public sealed class PlacementChoice
{
    /// <summary>The name that requests give it in the place of a placement's.</summary>
    public const string Name = "best";

    private PlacementChoice(Problem finest, Profile profile, ChoiceScope scope, IReadOnlyList<PlacementAlternative> alternatives) =>
        (Id, Profile, Objective, SplitBackward, Scope, Alternatives, MemoryScale) = (
            ProblemIdentity.OfChoice(finest, profile, scope), profile, finest.Objective, finest.SplitBackward, scope, alternatives, finest.MemoryScale);

    /// <summary>The SHA-256 of the canonical choice in 64 lower-case hex digits.</summary>
    public string Id { get; }

    /// <summary>The profile as it was given.</summary>
    public Profile Profile { get; }

    /// <summary>What schedules are judged by.</summary>
    public Objective Objective { get; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput.</summary>
    public bool SplitBackward { get; }

    /// <summary>What it may take.</summary>
    public ChoiceScope Scope { get; }

    /// <summary>
    /// The alternatives, fewer chunks first, then in the order of the catalogue, then of the ways to close features; at least one has a problem.
    /// </summary>
    public IReadOnlyList<PlacementAlternative> Alternatives { get; }

    /// <summary>The scale on which what any way holds is whole: that of the finest stages, or of layers, of which all others are sums.</summary>
    public DecimalScale MemoryScale { get; }

    /// <summary>The problems of the alternatives that can be had.</summary>
    public IEnumerable<Problem> Problems => Alternatives.Select(alternative => alternative.Problem).OfType<Problem>();

    /// <summary>Whether a profile, valid or not, leaves its placement or how features of the service are open.</summary>
    public static bool IsOne(Profile profile) =>
        IsPlacementOpen(profile) || FeatureCatalogue.Default.All.OfType<IOpenFeature>().Any(feature => feature.IsLeftOpen(profile));

    /// <summary>Whether a profile leaves its placement open.</summary>
    public static bool IsPlacementOpen(Profile profile) => profile.Pipeline.Placement == Name;

    /// <summary>Validates a profile that leaves something open, and makes the alternatives.</summary>
    /// <param name="profile">The profile as it was given.</param>
    /// <param name="objective">What schedules are judged by.</param>
    /// <param name="splitBackward">Whether backwardWeight may be scheduled apart from backwardInput.</param>
    /// <param name="limits">How large a problem may be; the default limits when null.</param>
    /// <param name="features">The features that the profile may use; those of the service when null.</param>
    /// <param name="scope">What the choice may take; all when null.</param>
    /// <exception cref="InvalidProfileException">The profile has offending members, or there is no alternative; the exception lists them all.</exception>
    public static PlacementChoice Create(
        Profile profile, Objective objective, bool splitBackward, ProblemLimits? limits = null, FeatureCatalogue? features = null, ChoiceScope? scope = null)
    {
        scope ??= ChoiceScope.All;
        var catalogue = features ?? FeatureCatalogue.Default;
        // What does not depend on the placement is judged on one that takes any number of chunks.
        var finest = IsPlacementOpen(profile) ? profile with { Pipeline = profile.Pipeline with { Placement = new InterleavedPlacement().Name } } : profile;
        var errors = ProfileValidation.Check(StageMerging.Mergeable(finest, catalogue), limits ?? ProblemLimits.Default, catalogue);
        if (errors.Count > 0) throw new InvalidProfileException(errors);

        var alternatives = new ChoiceAlternatives(profile, objective, splitBackward, limits ?? ProblemLimits.Default, catalogue, scope);
        foreach (var shape in ShapesOf(profile, scope)) alternatives.AddOn(shape);
        if (alternatives.Found.Exists(alternative => alternative.Problem is not null))
        {
            var identified = IsPlacementOpen(profile) ? catalogue.Unplaced(finest) : finest;
            return new PlacementChoice(new Problem(identified, objective, splitBackward, catalogue), profile, scope, alternatives.Found);
        }

        var kind = alternatives.Faults.Min(fault => fault.Kind);
        throw new InvalidProfileException([.. alternatives.Faults.Where(fault => fault.Kind == kind).Distinct()]);
    }

    /// <summary>What is said of a placement that a request states and then leaves out.</summary>
    internal static ProfileError LeftOut(string placement) => new(
        ChoiceScope.PlacementsPath,
        $"Leaves out {placement}, which the profile states: leave it out itself, or set pipeline.placement to {Name}.",
        ProfileErrorKind.Impossible);

    /// <summary>The shapes that may be taken.</summary>
    /// <exception cref="InvalidProfileException">There is none.</exception>
    private static List<PipelineShape> ShapesOf(Profile profile, ChoiceScope scope)
    {
        if (!IsPlacementOpen(profile))
        {
            var placement = profile.Pipeline.Placement ?? new LinearPlacement().Name;
            return scope.Admits(placement) ? [profile.Pipeline] : throw new InvalidProfileException([LeftOut(placement)]);
        }

        var shapes = Shapes(profile.Pipeline, scope);
        if (shapes.Count > 0) return shapes;
        var names = string.Join(", ", Shapes(profile.Pipeline, ChoiceScope.All).Select(shape => shape.Placement).Distinct());
        throw new InvalidProfileException(
        [
            new(ChoiceScope.PlacementsPath, $"Names none of those that {profile.Pipeline.Chunks} chunks allow: {names}.", ProfileErrorKind.Impossible),
        ]);
    }

    /// <summary>The shapes that differ, of those that may be taken.</summary>
    private static List<PipelineShape> Shapes(PipelineShape open, ChoiceScope scope)
    {
        var (shapes, maps) = (new List<PipelineShape>(), new HashSet<string>());
        foreach (var chunks in Enumerable.Range(1, open.Chunks).Where(chunks => open.Chunks % chunks == 0))
        {
            foreach (var definition in PlacementCatalogue.All.Where(definition => scope.Admits(definition.Name)))
            {
                var shape = open with { Placement = definition.Name, Chunks = chunks, StageDevices = null };
                if (!definition.Check(shape).Any() && maps.Add(definition.Place(shape).Map)) shapes.Add(shape);
            }
        }

        return shapes;
    }
}

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

    private PlacementChoice(Problem finest, Profile profile, IReadOnlyList<PlacementAlternative> alternatives) =>
        (Id, Profile, Objective, SplitBackward, Alternatives) =
        (IsPlacementOpen(profile) ? ProblemIdentity.OfChoice(finest) : finest.Id, profile, finest.Objective, finest.SplitBackward, alternatives);

    /// <summary>The SHA-256 of the canonical choice in 64 lower-case hex digits.</summary>
    public string Id { get; }

    /// <summary>The profile as it was given.</summary>
    public Profile Profile { get; }

    /// <summary>What schedules are judged by.</summary>
    public Objective Objective { get; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput.</summary>
    public bool SplitBackward { get; }

    /// <summary>
    /// The alternatives, fewer chunks first, then in the order of the catalogue, then of the ways to close features; at least one has a problem.
    /// </summary>
    public IReadOnlyList<PlacementAlternative> Alternatives { get; }

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
    /// <exception cref="InvalidProfileException">The profile has offending members, or there is no alternative; the exception lists them all.</exception>
    public static PlacementChoice Create(
        Profile profile, Objective objective, bool splitBackward, ProblemLimits? limits = null, FeatureCatalogue? features = null)
    {
        var catalogue = features ?? FeatureCatalogue.Default;
        // What does not depend on the placement is judged on one that takes any number of chunks.
        var finest = IsPlacementOpen(profile) ? profile with { Pipeline = profile.Pipeline with { Placement = new InterleavedPlacement().Name } } : profile;
        var errors = ProfileValidation.Check(StageMerging.Mergeable(finest, catalogue), limits ?? ProblemLimits.Default, catalogue);
        if (errors.Count > 0) throw new InvalidProfileException(errors);

        var alternatives = new ChoiceAlternatives(profile, objective, splitBackward, limits ?? ProblemLimits.Default, catalogue);
        foreach (var shape in IsPlacementOpen(profile) ? Shapes(profile.Pipeline) : [profile.Pipeline]) alternatives.AddOn(shape);
        if (alternatives.Found.Exists(alternative => alternative.Problem is not null))
            return new PlacementChoice(new Problem(finest, objective, splitBackward, catalogue), profile, alternatives.Found);
        var kind = alternatives.Faults.Min(fault => fault.Kind);
        throw new InvalidProfileException([.. alternatives.Faults.Where(fault => fault.Kind == kind).Distinct()]);
    }

    /// <summary>The shapes that differ.</summary>
    private static List<PipelineShape> Shapes(PipelineShape open)
    {
        var (shapes, maps) = (new List<PipelineShape>(), new HashSet<string>());
        foreach (var chunks in Enumerable.Range(1, open.Chunks).Where(chunks => open.Chunks % chunks == 0))
        {
            foreach (var definition in PlacementCatalogue.All)
            {
                var shape = open with { Placement = definition.Name, Chunks = chunks, StageDevices = null };
                if (!definition.Check(shape).Any() && maps.Add(MapOf(definition.Place(shape)))) shapes.Add(shape);
            }
        }

        return shapes;
    }

    private static string MapOf(Placement placement) => string.Join('|', Enumerable.Range(0, placement.Pipes).Select(pipe =>
        string.Join(',', Enumerable.Range(0, placement.Stages).Select(stage => placement.DeviceOf(pipe, stage)))));
}

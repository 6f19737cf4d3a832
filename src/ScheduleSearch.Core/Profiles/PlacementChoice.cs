using System.Collections.Immutable;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// A profile that leaves its placement or how features are open. Where the placement is, every one of the catalogue with every number of chunks that
/// divides the profile's is an alternative, with consecutive stages merged into one where it has fewer; maps that come out the same are one, and
/// the placement explicit, whose map only a request can state, is none. Each of them goes with every way to close the features.
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
    /// The alternatives, fewer chunks first, then in the order of the catalogue, then of the words that close features; at least one has a problem.
    /// </summary>
    public IReadOnlyList<PlacementAlternative> Alternatives { get; }

    /// <summary>The problems of the alternatives that can be had.</summary>
    public IEnumerable<Problem> Problems => Alternatives.Select(alternative => alternative.Problem).OfType<Problem>();

    /// <summary>Whether a profile leaves its placement or how features of the service are open.</summary>
    public static bool IsOne(Profile profile) => IsPlacementOpen(profile) || WaysOf(profile, FeatureCatalogue.Default).Count > 1;

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

        var faults = new List<ProfileError>();
        var shapes = IsPlacementOpen(profile) ? Shapes(profile.Pipeline) : [profile.Pipeline];
        var ways = WaysOf(profile, catalogue);
        var alternatives = shapes.SelectMany(shape => ways.Select(way => Alternative(() => Place(way.Profile, shape), shape, way, faults))).ToList();
        if (alternatives.Exists(alternative => alternative.Problem is not null))
            return new PlacementChoice(new Problem(finest, objective, splitBackward, catalogue), profile, alternatives);
        var kind = faults.Min(fault => fault.Kind);
        throw new InvalidProfileException([.. faults.Where(fault => fault.Kind == kind).Distinct()]);

        Problem Place(Profile closed, PipelineShape shape) => Problem.Create(
            IsPlacementOpen(closed) ? StageMerging.Place(closed, shape.Placement!, shape.Chunks, catalogue) : closed,
            objective, splitBackward, limits, features: catalogue);
    }

    /// <summary>The profile in each way to close its features, all of them together; the profile itself where they leave nothing open.</summary>
    private static List<(ImmutableDictionary<string, string> Words, Profile Profile)> WaysOf(Profile profile, FeatureCatalogue catalogue)
    {
        List<(ImmutableDictionary<string, string> Words, Profile Profile)> ways = [(ImmutableDictionary<string, string>.Empty, profile)];
        foreach (var feature in catalogue.All.OfType<IOpenFeature>())
        {
            if (feature.Closed(profile).Count == 0) continue;
            ways = [.. from way in ways from closed in feature.Closed(way.Profile) select (way.Words.Add(feature.OpenMember, closed.Word), closed.Profile)];
        }

        return ways;
    }

    private static PlacementAlternative Alternative(
        Func<Problem> create, PipelineShape shape, (ImmutableDictionary<string, string> Words, Profile Profile) way, List<ProfileError> faults)
    {
        var (placement, chunks) = (shape.Placement ?? "linear", shape.Chunks);
        try
        {
            return new(placement, chunks, create(), null) { Words = way.Words };
        }
        catch (InvalidProfileException invalid)
        {
            var name = string.Join(
                ", ", [placement, $"{chunks} chunk{(chunks == 1 ? "" : "s")}", .. way.Words.Select(word => $"{word.Key} {word.Value}")]);
            faults.AddRange(invalid.Errors.Select(error => error with { Message = $"With {name}: {error.Message}" }));
            return new(placement, chunks, null, string.Join(" ", invalid.Errors.Select(error => error.Message))) { Words = way.Words };
        }
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

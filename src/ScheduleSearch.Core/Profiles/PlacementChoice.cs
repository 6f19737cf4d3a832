using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// A profile whose placement is left open: every placement of the catalogue with every number of chunks that divides the profile's is an
/// alternative, with consecutive stages merged into one where it has fewer. Maps that come out the same are one alternative, and the
/// placement explicit, whose map only a request can state, is none.
/// </summary>
public sealed class PlacementChoice
{
    /// <summary>The name that requests give it in the place of a placement's.</summary>
    public const string Name = "best";

    private PlacementChoice(Problem finest, Profile profile, IReadOnlyList<PlacementAlternative> alternatives) =>
        (Id, Profile, Objective, SplitBackward, Alternatives) =
        (ProblemIdentity.OfChoice(finest), profile, finest.Objective, finest.SplitBackward, alternatives);

    /// <summary>The SHA-256 of the canonical choice in 64 lower-case hex digits.</summary>
    public string Id { get; }

    /// <summary>The profile as it was given.</summary>
    public Profile Profile { get; }

    /// <summary>What schedules are judged by.</summary>
    public Objective Objective { get; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput.</summary>
    public bool SplitBackward { get; }

    /// <summary>The alternatives, fewer chunks first, then in the order of the catalogue; at least one has a problem.</summary>
    public IReadOnlyList<PlacementAlternative> Alternatives { get; }

    /// <summary>The problems of the alternatives that can be had.</summary>
    public IEnumerable<Problem> Problems => Alternatives.Select(alternative => alternative.Problem).OfType<Problem>();

    /// <summary>Whether a profile leaves its placement open.</summary>
    public static bool IsOne(Profile profile) => profile.Pipeline.Placement == Name;

    /// <summary>Validates a profile that leaves its placement open, and makes the alternatives.</summary>
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
        var finest = profile with { Pipeline = profile.Pipeline with { Placement = new InterleavedPlacement().Name } };
        var errors = ProfileValidation.Check(StageMerging.Mergeable(finest, catalogue), limits ?? ProblemLimits.Default, catalogue);
        if (errors.Count > 0) throw new InvalidProfileException(errors);

        var faults = new List<ProfileError>();
        var alternatives = Shapes(profile.Pipeline).Select(shape => Alternative(() => Place(shape), shape, faults)).ToList();
        if (alternatives.Exists(alternative => alternative.Problem is not null))
            return new PlacementChoice(new Problem(finest, objective, splitBackward, catalogue), profile, alternatives);
        var kind = faults.Min(fault => fault.Kind);
        throw new InvalidProfileException([.. faults.Where(fault => fault.Kind == kind).Distinct()]);

        Problem Place(PipelineShape shape) => Problem.Create(
            StageMerging.Place(profile, shape.Placement!, shape.Chunks, catalogue), objective, splitBackward, limits, features: catalogue);
    }

    private static PlacementAlternative Alternative(Func<Problem> create, PipelineShape shape, List<ProfileError> faults)
    {
        var (placement, chunks) = (shape.Placement!, shape.Chunks);
        try
        {
            return new(placement, chunks, create(), null);
        }
        catch (InvalidProfileException invalid)
        {
            var name = $"{placement}, {chunks} chunk{(chunks == 1 ? "" : "s")}";
            faults.AddRange(invalid.Errors.Select(error => error with { Message = $"With {name}: {error.Message}" }));
            return new(placement, chunks, null, string.Join(" ", invalid.Errors.Select(error => error.Message)));
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

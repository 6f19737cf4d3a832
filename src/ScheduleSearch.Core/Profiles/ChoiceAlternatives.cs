using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Makes the alternatives of a profile that leaves something open, shape by shape.</summary>
internal sealed class ChoiceAlternatives(
    Profile profile, Objective objective, bool splitBackward, ProblemLimits limits, FeatureCatalogue catalogue, ChoiceScope scope)
{
    private static readonly ImmutableDictionary<string, JsonElement> Nothing = ImmutableDictionary<string, JsonElement>.Empty;

    private readonly AskedWays _asked = new(objective, splitBackward, catalogue);

    /// <summary>The alternatives so far.</summary>
    public List<PlacementAlternative> Found { get; } = [];

    /// <summary>What is wrong with those that cannot be had.</summary>
    public List<ProfileError> Faults { get; } = [];

    /// <summary>Adds the alternatives on a shape: one for each way to close the features there that is tried.</summary>
    public void AddOn(PipelineShape shape)
    {
        if (Placed(shape) is not { } placed) return;
        var open = catalogue.All.OfType<IOpenFeature>().Where(feature => feature.IsLeftOpen(placed));
        // The ways of the others follow from what the stages take.
        var inTurn = open.OrderByDescending(feature => feature.Section is { StatesStages: true }).ThenByDescending(feature => feature.TriesAll);
        Close(placed, [.. inTurn], Nothing, null, shape);
    }

    /// <summary>
    /// Closes features one after the other; those that leave ways out come last, so that what is proved of these is so for each way before them. What is
    /// proved where the stages are made is so whatever else is open.
    /// </summary>
    private void Close(
        Profile closed, ImmutableArray<IOpenFeature> open, ImmutableDictionary<string, JsonElement> with, RelaxedWays? relaxed, PipelineShape shape)
    {
        if (open is not [var feature, .. var rest])
        {
            Found.Add(Alternative(closed, with, shape) with { With = with, Relaxed = relaxed });
            return;
        }

        if (WaysOf(feature, closed, with, shape) is not { } ways) return;
        if (ways.Relaxed is { } groups) relaxed ??= new RelaxedWays(Groups(groups, rest));
        foreach (var way in ways.Tried) Close(way.Profile, rest, with.Add(way.Member, way.Value), relaxed, shape);
    }

    private OpenWays? WaysOf(IOpenFeature feature, Profile closed, ImmutableDictionary<string, JsonElement> with, PipelineShape shape)
    {
        try
        {
            return feature.WaysOf(closed, _asked);
        }
        catch (InvalidProfileException invalid)
        {
            Found.Add(Refused(invalid, shape, with));
            return null;
        }
    }

    /// <summary>
    /// The profile on a shape, valid as far as that does not depend on what is open; null, with the reason among the alternatives, when it cannot be.
    /// </summary>
    private Profile? Placed(PipelineShape shape)
    {
        try
        {
            var placed = PlacementChoice.IsPlacementOpen(profile) ? StageMerging.Place(profile, shape.Placement!, shape.Chunks, catalogue) : profile;
            var errors = ProfileValidation.Check(placed, limits, catalogue);
            return errors.Count == 0 ? placed : throw new InvalidProfileException(errors);
        }
        catch (InvalidProfileException invalid)
        {
            Found.Add(Refused(invalid, shape, Nothing));
            return null;
        }
    }

    private PlacementAlternative Alternative(Profile closed, ImmutableDictionary<string, JsonElement> with, PipelineShape shape)
    {
        try
        {
            var problem = Problem.Create(closed, objective, splitBackward, limits, features: catalogue);
            return scope.WhyNot(problem) is { } reason
                ? Refused(new InvalidProfileException([new ProfileError(scope.CarriedPath, reason, ProfileErrorKind.Impossible)]), shape, with)
                : new(NameOf(shape), shape.Chunks, problem, null);
        }
        catch (InvalidProfileException invalid)
        {
            return Refused(invalid, shape, with);
        }
    }

    private PlacementAlternative Refused(InvalidProfileException invalid, PipelineShape shape, ImmutableDictionary<string, JsonElement> with)
    {
        var chunks = $"{shape.Chunks} chunk{(shape.Chunks == 1 ? "" : "s")}";
        var name = string.Join(", ", [NameOf(shape), chunks, .. with.Select(closed => $"{closed.Key} {closed.Value}")]);
        Faults.AddRange(invalid.Errors.Select(error => catalogue.AsGiven(profile, error) with { Message = $"With {name}: {error.Message}" }));
        return new(NameOf(shape), shape.Chunks, null, string.Join(" ", invalid.Errors.Select(error => error.Message)));
    }

    /// <summary>The problems of groups of profiles, each of which is replaced by those of a group of the features that it still leaves open.</summary>
    private IEnumerable<IEnumerable<Problem>> Groups(IEnumerable<IEnumerable<Profile>> groups, ImmutableArray<IOpenFeature> open)
    {
        foreach (var feature in open)
        {
            groups =
                from members in groups
                let grown = members.Select(member => feature.IsLeftOpen(member) ? GroupsOf(feature.WaysOf(member, _asked)) : [[member]]).ToList()
                from place in Enumerable.Range(0, grown.Max(ofMember => ofMember.Count))
                select grown.SelectMany(ofMember => ofMember[place % ofMember.Count]);
        }

        return groups.Select(members => members
            .Select(member => new Problem(member, objective, splitBackward, catalogue)).Where(problem => MemoryValidation.Check(problem).Count == 0));
    }

    /// <summary>The relaxed groups, or the only one that all ways are where they are tried.</summary>
    private static List<IEnumerable<Profile>> GroupsOf(OpenWays ways) => [.. ways.Relaxed ?? [ways.Tried.Select(way => way.Profile)]];

    private static string NameOf(PipelineShape shape) => shape.Placement ?? "linear";
}

using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>The options by which a request says what its caller's runtime carries: a choice takes nothing else.</summary>
public static class CarriedChoice
{
    private const int MostNames = 32;

    /// <summary>Validates a profile that leaves something open, and makes the alternatives that options let it take.</summary>
    /// <exception cref="InvalidProfileException">The profile or these options have offending members, or there is no alternative.</exception>
    public static PlacementChoice Create(Profile profile, SolveOptions options, ProblemLimits limits) =>
        PlacementChoice.Create(profile, options.Objective, options.SplitBackward, limits, scope: ScopeOf(options));

    /// <summary>Makes sure that options admit a problem which leaves nothing open.</summary>
    /// <exception cref="InvalidProfileException">They name what there is not, or leave the problem out.</exception>
    public static void Check(Problem problem, SolveOptions options)
    {
        var scope = ScopeOf(options);
        var placement = problem.Placement.Name;
        List<ProfileError> errors = scope.Admits(placement) ? [] : [PlacementChoice.LeftOut(placement)];
        if (scope.WhyNot(problem) is { } reason) errors.Add(new(ChoiceScope.FormatsPath, reason, ProfileErrorKind.Impossible));
        if (errors.Count > 0) throw new InvalidProfileException(errors);
    }

    private static ChoiceScope ScopeOf(SolveOptions options)
    {
        var errors = new List<ProfileError>();
        var placements = Names(options.Placements, ChoiceScope.PlacementsPath, [.. PlacementCatalogue.All.Select(placement => placement.Name)], errors);
        var formats = Names(options.Formats, ChoiceScope.FormatsPath, [.. InstructionFormatCatalogue.All.Select(format => format.Name)], errors);
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        return new ChoiceScope { Placements = placements, Formats = formats, WhyNot = problem => WhyNot(problem, formats) };
    }

    /// <summary>Names of a list without repetition, sorted; empty where there is none.</summary>
    private static ImmutableArray<string> Names(IReadOnlyList<string>? given, string path, IReadOnlyList<string> known, List<ProfileError> errors)
    {
        if (given is null) return [];
        if (given.Count is 0 or > MostNames) errors.Add(new(path, $"Has {given.Count} names: give 1 to {MostNames}, or leave it out for all."));
        foreach (var (index, name) in given.Take(MostNames).Index().Where(name => !known.Contains(name.Item)))
            errors.Add(new($"{path}[{index}]", $"Is none of {string.Join(", ", known)}.{Spelling.DidYouMean(name, known)}"));
        return [.. given.Distinct().Order(StringComparer.Ordinal)];
    }

    private static string? WhyNot(Problem problem, ImmutableArray<string> formats)
    {
        var reasons = new List<string>();
        foreach (var name in formats)
        {
            if (InstructionFormatCatalogue.Find(name)!.WhyNone(problem) is not { } refusal) return null;
            reasons.Add(refusal.Reason);
        }

        return reasons.Count == 0 ? null : string.Join(" ", reasons.Distinct());
    }
}

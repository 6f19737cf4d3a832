using System.Collections.Immutable;
using ScheduleSearch.Core.Instructions.Runtimes;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>The options by which a request says what its caller's runtime carries: a choice takes nothing else.</summary>
public static class CarriedChoice
{
    private const int MostNames = 32;

    /// <summary>The options with what follows from the runtime that they name: whole backwards where it has no others.</summary>
    public static SolveOptions Narrowed(SolveOptions options) =>
        RuntimeOf(options) is { SplitsBackward: false } ? options with { SplitBackward = false } : options;

    /// <summary>The runtime that options name; null when they name none, or one that there is not.</summary>
    public static TrainingRuntime? RuntimeOf(SolveOptions options) => options.Runtime is { } name ? RuntimeCatalogue.Find(name) : null;

    /// <summary>Why no format of a runtime carries a schedule, by the first of them; null when one does.</summary>
    public static FormatRefusal? WhyNot(TrainingRuntime runtime, Timeline timeline)
    {
        var refusals = runtime.Formats.Select(name => InstructionFormatCatalogue.Find(name)!.WhyNot(timeline)).ToList();
        return refusals.Contains(null) ? null : refusals[0];
    }

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
        if (scope.WhyNot(problem) is { } reason) errors.Add(new(scope.CarriedPath, reason, ProfileErrorKind.Impossible));
        if (errors.Count > 0) throw new InvalidProfileException(errors);
    }

    private static ChoiceScope ScopeOf(SolveOptions options)
    {
        var errors = new List<ProfileError>();
        var placements = Names(options.Placements, ChoiceScope.PlacementsPath, [.. PlacementCatalogue.All.Select(placement => placement.Name)], errors);
        var formats = Names(options.Formats, ChoiceScope.FormatsPath, [.. InstructionFormatCatalogue.All.Select(format => format.Name)], errors);
        var runtime = RuntimeOf(options);
        if (options.Runtime is { } name && runtime is null) errors.Add(Unknown(name));
        if (runtime is not null) formats = FormatsOf(runtime, formats, errors);
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        return new ChoiceScope
        {
            Placements = placements,
            Formats = formats,
            Runtime = runtime?.Name,
            WhyNot = problem => runtime?.WhyNone(problem) is { } refusal ? $"{refusal.Reason} {refusal.Fix}" : WhyNot(problem, formats),
        };
    }

    private static ProfileError Unknown(string runtime)
    {
        var known = RuntimeCatalogue.All.Select(one => one.Name).ToList();
        return new(ChoiceScope.RuntimePath, $"Is none of {string.Join(", ", known)}.{Spelling.DidYouMean(runtime, known)}");
    }

    /// <summary>Those of a runtime's formats that a request names too, or all of them where it names none.</summary>
    private static ImmutableArray<string> FormatsOf(TrainingRuntime runtime, ImmutableArray<string> named, List<ProfileError> errors)
    {
        ImmutableArray<string> read = [.. runtime.Formats.Where(format => named.IsEmpty || named.Contains(format)).Order(StringComparer.Ordinal)];
        if (read.IsEmpty)
        {
            var formats = string.Join(" and ", runtime.Formats);
            errors.Add(new(ChoiceScope.FormatsPath, $"Names none that {runtime.Name} reads, which reads {formats}.", ProfileErrorKind.Impossible));
        }

        return read;
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

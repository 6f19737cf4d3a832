using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.Runtimes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>The schedule families of a profile's placement beside the searched schedule.</summary>
/// <param name="Id">The id of the problem.</param>
/// <param name="Objective">What schedules are judged by.</param>
/// <param name="LowerBound">What no schedule of this problem can be better than.</param>
/// <param name="Rows">The families, then the searched schedule.</param>
/// <param name="Analyses">What is known in closed form of runs that train something else, and so are no schedules of this problem.</param>
/// <param name="Warnings">For each member of the request, by its JSON path, why it looks like a number of another unit; absent when none does.</param>
internal sealed record Comparison(
    string Id, string Objective, decimal? LowerBound, IReadOnlyList<ComparisonRow> Rows, IReadOnlyList<ComparisonAnalysis> Analyses,
    IReadOnlyDictionary<string, string[]>? Warnings)
{
    /// <summary>Puts a comparison together.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="families">Its <see cref="FamiliesOf"/>.</param>
    /// <param name="searched">What is stored of its search.</param>
    /// <param name="metrics">What the searched schedule costs; null when there is none.</param>
    public static Comparison Of(Problem problem, IReadOnlyList<ComparisonRow> families, StoredSchedule searched, ScheduleMetrics? metrics) => new(
        problem.Id,
        ProfileJson.NameOf(problem.Objective),
        searched.Result.LowerBound,
        [.. families, ComparisonRow.Of(problem, searched, metrics)],
        ComparisonAnalysis.Of(problem),
        Answers.Warnings.Of(problem.Profile));

    /// <summary>The rows with those of families that a runtime cannot run refused. Cost: that of a schedule each.</summary>
    public static IReadOnlyList<ComparisonRow> CarriedBy(TrainingRuntime runtime, Problem problem, IReadOnlyList<ComparisonRow> families) =>
    [
        .. families.Select(row => row.Admitted && CarriedChoice.WhyNot(runtime, Replay.Run(FamilyCatalogue.Find(row.Name)!.ScheduleOf(problem))) is { } refusal
            ? row.Without($"{refusal.Reason} {refusal.Fix}")
            : row),
    ];

    /// <summary>What each family of the problem's placement makes of it. Cost: that of a schedule each, seconds for the largest problems.</summary>
    public static IReadOnlyList<ComparisonRow> FamiliesOf(Problem problem) =>
        [.. FamilyCatalogue.All.Where(family => family.Placement == problem.Placement.Name).Select(family => ComparisonRow.Of(family, problem))];
}

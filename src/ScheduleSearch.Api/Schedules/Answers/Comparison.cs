using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>The schedule families of a profile's placement beside the searched schedule.</summary>
/// <param name="Id">The id of the problem.</param>
/// <param name="Objective">What schedules are judged by.</param>
/// <param name="LowerBound">What no schedule of this problem can be better than.</param>
/// <param name="Rows">The families, then the searched schedule.</param>
/// <param name="Analyses">What is known in closed form of runs that train something else, and so are no schedules of this problem.</param>
internal sealed record Comparison(
    string Id, string Objective, decimal? LowerBound, IReadOnlyList<ComparisonRow> Rows, IReadOnlyList<ComparisonAnalysis> Analyses)
{
    public static Comparison Of(Problem problem, StoredSchedule searched, Solution? solution)
    {
        var families = FamilyCatalogue.All.Where(family => family.Placement == problem.Placement.Name).Select(family => ComparisonRow.Of(family, problem));
        return new Comparison(
            problem.Id,
            ProfileJson.NameOf(problem.Objective),
            searched.Result.LowerBound,
            [.. families, ComparisonRow.Of(searched, solution)],
            ComparisonAnalysis.Of(problem));
    }
}

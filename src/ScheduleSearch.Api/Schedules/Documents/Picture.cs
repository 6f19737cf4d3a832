using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>All that a picture shows beside the schedule itself.</summary>
/// <param name="View">What it shows of the schedule.</param>
/// <param name="Figures">How good the schedule is.</param>
/// <param name="Name">What it calls the schedule; null for nothing.</param>
internal sealed record Picture(PictureView View, SearchFigures Figures, string? Name)
{
    /// <summary>Two pictures of a schedule with the same key are the same.</summary>
    public string Key { get; } = FormattableString.Invariant(
        $"{View.Width}/{View.From}-{View.To}/{string.Join(',', View.Ranks)}/{View.ShowsMemory}/{Figures.Status}/{Figures.LowerBound}/{Figures.Bound}/{Name}");

    /// <summary>How good a schedule is, by what is proved of the problem or the choice that it answers.</summary>
    /// <param name="solution">The schedule, which a better one may have replaced.</param>
    /// <param name="answered">What is answered now.</param>
    public static SearchFigures FiguresOf(Solution solution, ScheduleView answered)
    {
        var objective = solution.Problem.TimeScale.FromTicks(solution.Objective);
        var (bound, name) = (answered.LowerBound, answered.Bound ?? "");
        var isOptimal = objective <= bound;
        return new SearchFigures(
            isOptimal || answered.Status != ScheduleStatus.Optimal ? answered.Status : ScheduleStatus.Feasible,
            bound, name, bound is null ? null : objective > 0 ? (double)((objective - bound) / objective) : 0, solution.Method);
    }
}

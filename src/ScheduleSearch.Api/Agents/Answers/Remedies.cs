using System.Globalization;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>What would make a schedule shorter, as far as its own figures and proved bounds say.</summary>
internal static class Remedies
{
    /// <summary>A busiest device is told of when it has so much more to do than the mean of all.</summary>
    private const double NotableExcess = 1.02;

    /// <summary>Each a sentence; what helps most comes first where that is known.</summary>
    public static IReadOnlyList<string> Of(Solution solution, PathExplanation path) =>
        [.. new[] { OfSearch(solution), OfBalance(solution), OfMemory(solution), OfCommunication(solution, path) }.OfType<string>()];

    private static string OfSearch(Solution solution) => solution.IsOptimal
        ? "No other order is better: only other times, more memory, fewer waits or another placement (placement best tries them) can make it shorter."
        : !solution.HasBound ? "A longer search may find a better order (solve with a larger options.timeLimitSeconds); no bound of the p95 is claimed."
        : $"A longer search may find a better order: up to {Time(solution, solution.Objective - solution.Bound.Ticks)} less is not ruled out "
            + "(solve with a larger options.timeLimitSeconds).";

    private static string? OfBalance(Solution solution)
    {
        var busy = solution.Metrics.Busy;
        var mean = (double)busy.Sum() / busy.Length;
        if (busy.Max() < NotableExcess * mean) return null;
        return $"Device {busy.IndexOf(busy.Max())} computes for {Time(solution, busy.Max())}, the mean device for {Time(solution, (long)Math.Round(mean))}: "
            + "layers moved from it to the others shorten every schedule.";
    }

    private static string? OfMemory(Solution solution)
    {
        var problem = solution.Problem;
        if (problem.Limit.IsEmpty) return null;
        var least = problem.MostHeld.Min();
        var full = Enumerable.Range(0, problem.Devices).Where(device => problem.LimitOf(device) - solution.Metrics.PeakMemory[device] < least).ToList();
        if (full.Count == 0) return null;
        var free = WithoutLimit(problem);
        var bound = free.TimeScale.FromTicks(BoundCatalogue.Best(free).Ticks);
        if (bound >= problem.TimeScale.FromTicks(solution.Objective)) return null;
        return $"Devices {string.Join(", ", full)} have no room for another activation. Without the memory limit the lower bound is {Text(bound)} "
            + $"{problem.Profile.Times.Unit}, so that a larger limit, recompute or smaller activations may help.";
    }

    private static string? OfCommunication(Solution solution, PathExplanation path) => path.Communication == 0
        ? null
        : $"{Text(path.Communication)} {solution.Problem.Profile.Times.Unit} of the critical path is communication: faster links or fewer crossings between "
            + "devices shorten it.";

    private static Problem WithoutLimit(Problem problem) => Problem.Create(
        problem.Profile with { Memory = problem.Profile.Memory! with { Limit = null, Total = null } },
        problem.Objective,
        problem.SplitBackward,
        ProblemLimits.None,
        problem.Catalogue);

    private static string Time(Solution solution, long ticks) => $"{Text(solution.Problem.TimeScale.FromTicks(ticks))} {solution.Problem.Profile.Times.Unit}";

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}

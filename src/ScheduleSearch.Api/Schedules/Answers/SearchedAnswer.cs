using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>The searched schedule of a problem beside somebody's own order of it, in the profile's own units.</summary>
/// <param name="Id" example="9b0cd1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba">The id of the problem.</param>
/// <param name="IsStored">Whether the schedule is stored under that id. Where it is not, it is the first answer of a search, made for this one: solve with the
/// same profile and options has it searched, stored and answered with.</param>
/// <param name="Status" example="optimal">The state of its search; absent where it is not stored.</param>
/// <param name="Method" example="zb-h1">The family or search method that found it.</param>
/// <param name="Makespan" example="27">Last end minus first start over all devices.</param>
/// <param name="Span" example="27">The largest device span.</param>
/// <param name="LowerBound" example="27">What no schedule of the problem can be better than.</param>
/// <param name="Gap" example="0">(objective - lowerBound) / objective, of this schedule.</param>
/// <param name="Lost" example="6">How much longer the own order takes, by the objective; below 0 where it is the shorter one.</param>
/// <param name="LostShare" example="0.1818">The same as a share of the own order's objective.</param>
internal sealed record SearchedAnswer(
    string Id, bool IsStored, string? Status, string Method, decimal Makespan, decimal Span, decimal LowerBound, double Gap, decimal Lost = 0,
    double LostShare = 0)
{
    /// <summary>What is stored of a problem; null while that is no schedule.</summary>
    public static SearchedAnswer? Of(StoredProblem stored) =>
        stored.Result is { Order: not null, Method: { } method, Makespan: { } makespan, Span: { } span, LowerBound: { } bound, Gap: { } gap }
            ? new(stored.Id, IsStored: true, stored.Status, method, makespan, span, bound, gap)
            : null;

    /// <summary>The first answer of a search, which is not stored.</summary>
    public static SearchedAnswer Of(Solution first)
    {
        var (problem, time) = (first.Problem, first.Problem.TimeScale);
        return new(
            problem.Id, IsStored: false, Status: null, first.Method, time.FromTicks(first.Metrics.Makespan), time.FromTicks(first.Metrics.Span),
            time.FromTicks(first.Bound.Ticks), first.Gap);
    }

    /// <summary>The same beside an own order of the problem.</summary>
    public SearchedAnswer Beside(Solution own)
    {
        var objective = own.Problem.TimeScale.FromTicks(own.Objective);
        var lost = objective - (own.Problem.Objective == Objective.Span ? Span : Makespan);
        return this with
        {
            Lost = lost,
            LostShare = (double)(lost / objective),
        };
    }
}

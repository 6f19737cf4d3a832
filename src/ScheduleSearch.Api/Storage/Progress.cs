using System.Linq.Expressions;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Storage;

/// <summary>How far the search of a row is: what is read of it again and again, without its order.</summary>
/// <param name="Version">The row as it was read.</param>
/// <param name="Status">One of <see cref="ScheduleStatus"/>.</param>
/// <param name="Incumbent">The objective of the best schedule at the profile's durations, in its unit; null while there is none.</param>
/// <param name="LowerBound">In the profile's unit; null while there is no schedule, or no bound is claimed.</param>
/// <param name="Gap">(objective - bound) / objective, of the statistic where durations vary; null while there is no schedule, or no bound is claimed.</param>
/// <param name="IsOptimal">Whether there is a schedule and nothing can be better.</param>
/// <param name="Asked">The budget that the search was asked for.</param>
/// <param name="Spent">What has been spent.</param>
internal sealed record Progress(
    RowVersion Version, string Status, decimal? Incumbent, decimal? LowerBound, double? Gap, bool IsOptimal, Budget Asked, Spending Spent)
{
    private static readonly string Makespan = ProfileJson.NameOf(Objective.Makespan);

    /// <summary>What a row says.</summary>
    public static Expression<Func<ScheduleRow, Progress>> OfRow { get; } = row => new Progress(
        new RowVersion(row.Id, row.CreatedAt, row.Revision),
        row.Status,
        row.Objective == Makespan ? row.Makespan : row.Span,
        row.LowerBound,
        row.Gap,
        row.ObjectiveTicks != null && row.ObjectiveTicks == row.BoundTicks,
        new Budget(row.AskedSeconds, row.AskedWork, row.AskedGap, row.Seed),
        new Spending(row.SpentSeconds, row.SpentWork, row.SolveSeconds))
    {
        IsPart = row.IsPart,
    };

    /// <summary>Whether nobody has asked for it but a choice, of which it is an alternative.</summary>
    public bool IsPart { get; init; }

    /// <summary>The state in which a search that ends now leaves its result.</summary>
    public string Reached => IsOptimal ? ScheduleStatus.Optimal : ScheduleStatus.Feasible;

    /// <summary>Whether its search has not ended.</summary>
    public bool IsUnfinished => Status is ScheduleStatus.Queued or ScheduleStatus.Running;
}

using ScheduleSearch.Core.Placements;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A problem that was submitted, the search for it, and the best schedule so far. The table is the truth about all three.</summary>
internal sealed class ScheduleRow
{
    /// <summary>The id of the problem.</summary>
    public required string Id { get; init; }

    /// <summary>The problem as JSON: profile, objective and splitBackward.</summary>
    public required string Request { get; init; }

    public string? Name { get; init; }

    public required int Devices { get; init; }

    public required int Chunks { get; init; }

    public required string Placement { get; init; }

    public required int Microbatches { get; init; }

    public required string Objective { get; init; }

    /// <summary>One of <see cref="ScheduleStatus"/>.</summary>
    public required string Status { get; set; }

    public required double AskedSeconds { get; set; }

    public required long AskedWork { get; set; }

    public required double AskedGap { get; set; }

    public required int Seed { get; set; }

    /// <summary>The largest budget of seconds that was spent to its end.</summary>
    public double SpentSeconds { get; set; }

    /// <summary>The largest budget of work units that was spent to its end.</summary>
    public long SpentWork { get; set; }

    /// <summary>Search time spent on the result in all.</summary>
    public double SolveSeconds { get; set; }

    public long? ObjectiveTicks { get; set; }

    public long? BoundTicks { get; set; }

    public string? BoundName { get; set; }

    public double? Gap { get; set; }

    public string? Method { get; set; }

    /// <summary>In the profile's unit, for lists.</summary>
    public decimal? Makespan { get; set; }

    /// <summary>In the profile's unit, for lists.</summary>
    public decimal? Span { get; set; }

    /// <summary>In the profile's unit, for lists.</summary>
    public decimal? LowerBound { get; set; }

    /// <summary>The order of each device, as <see cref="OrderCodec"/> writes it.</summary>
    public byte[]? Order { get; set; }

    /// <summary>Why the search failed.</summary>
    public string? Failure { get; set; }

    /// <summary>Counts the changes that an answer shows.</summary>
    public int Revision { get; set; }

    /// <summary>The search that owns the row: a later one has a higher number, and the earlier one's writes no longer count.</summary>
    public int Attempt { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>Takes over what a row states of a solution.</summary>
    public void Take(Solution solution)
    {
        var scale = solution.Problem.TimeScale;
        (ObjectiveTicks, BoundTicks, BoundName) = (solution.Objective, solution.Bound.Ticks, solution.Bound.Name);
        (Gap, Method) = (solution.Gap, solution.Method);
        Makespan = scale.FromTicks(solution.Metrics.Makespan);
        Span = scale.FromTicks(solution.Metrics.Span);
        LowerBound = scale.FromTicks(solution.Bound.Ticks);
        Order = OrderCodec.Encode(solution.Timeline.Schedule);
    }

    /// <summary>Takes over what a row that points states of the alternative that leads, in that one's ticks. It has no order of its own.</summary>
    public void Take(ChoiceStanding standing)
    {
        if (standing.Leader is not { Row: { } row, Problem: { } problem }) return;
        var least = standing.Least.LowerBound;
        ObjectiveTicks = row.ObjectiveTicks;
        BoundTicks = standing.IsOptimal ? ObjectiveTicks : Math.Min(problem.TimeScale.ToTicksBelow(least), ObjectiveTicks!.Value - 1);
        (BoundName, Gap, Method) = (standing.Least.Row?.BoundName, standing.Gap, row.Method);
        (Makespan, Span, LowerBound) = (row.Makespan, row.Span, least);
    }

    /// <summary>Whether this row is the choice of a placement, which points to other rows.</summary>
    public bool IsChoice => Placement == PlacementChoice.Name;

    /// <summary>What the row's answers change with.</summary>
    public RowVersion Version => new(Id, CreatedAt, Revision);

    /// <summary>The state in which a search that ends now leaves its result.</summary>
    public string Reached => ObjectiveTicks == BoundTicks ? ScheduleStatus.Optimal : ScheduleStatus.Feasible;

    public bool IsUnfinished => Status is ScheduleStatus.Queued or ScheduleStatus.Running;
}

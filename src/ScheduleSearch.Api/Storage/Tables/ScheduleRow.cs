namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A row of the table: what was submitted, the search for it, and the best schedule so far. The table is the truth about all three.</summary>
internal sealed class ScheduleRow
{
    /// <summary>The id of the problem, or of the choice of a placement.</summary>
    public required string Id { get; init; }

    /// <summary>What was submitted, as JSON: profile, objective, splitBackward and family.</summary>
    public required string Request { get; init; }

    public string? Name { get; init; }

    public required int Devices { get; init; }

    public required int Chunks { get; init; }

    public required string Placement { get; init; }

    public required int Microbatches { get; init; }

    public required string Objective { get; init; }

    /// <summary>The state of the search.</summary>
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

    /// <summary>The order of each device in few bytes; a choice has none of its own.</summary>
    public byte[]? Order { get; set; }

    /// <summary>Why the search failed.</summary>
    public string? Failure { get; set; }

    /// <summary>Counts the changes that an answer shows.</summary>
    public int Revision { get; set; }

    /// <summary>The search that owns the row: a later one has a higher number, and the earlier one's writes no longer count.</summary>
    public int Attempt { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }
}

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A row of the table: what was submitted, the search for it, and the best schedule so far. The table is the truth about all three.</summary>
internal sealed class ScheduleRow
{
    /// <summary>The id of the problem, of the choice of a placement, or of somebody's own order of a problem.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// What the problem has in common with those that differ in nothing but how much a device may hold; null of what has no such kin: choices, schedules of
    /// families asked for by name, and own orders. Rows of earlier versions have none.
    /// </summary>
    public string? Kin { get; init; }

    /// <summary>What was submitted, as JSON: profile, objective, noise, splitBackward and family.</summary>
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

    /// <summary>Who asked for the search: a key, or an address. One caller's many searches line up after each other.</summary>
    public string? Caller { get; set; }

    /// <summary>Until when somebody is known to wait for the result; null when nobody does.</summary>
    public DateTime? WaitedUntil { get; set; }

    /// <summary>When the search would be done if its caller had a machine alone: the order in which rows take their turns.</summary>
    public DateTime? Due { get; set; }

    /// <summary>The process that searches; null when none does.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when the process keeps the row without another word from it.</summary>
    public DateTime? LeaseUntil { get; set; }

    /// <summary>Attempts since the row was queued whose process ended before they did.</summary>
    public int Deaths { get; set; }

    /// <summary>Whether nobody has asked for it but a choice, of which it is an alternative: lists do not have it.</summary>
    public bool IsPart { get; set; }

    /// <summary>
    /// Whether it is an order that somebody sent, kept under an id of its own: nothing searches it, and lists have it only where own orders are asked for.
    /// </summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether somebody asked to stop the search.</summary>
    public bool StopRequested { get; set; }

    /// <summary>The span of the request that asked for the search, as W3C's <c>traceparent</c>; null when nobody traces it.</summary>
    public string? Trace { get; set; }

    public required DateTime CreatedAt { get; set; }

    public required DateTime UpdatedAt { get; set; }
}

namespace ScheduleSearch.Api.Sweeps;

/// <summary>What was found at a limit.</summary>
/// <param name="Limit" example="6.5">The limit of a device; null for none.</param>
/// <param name="Id" example="9b0c51a7d2f84c1e6a3b9d0c7e5f1a2b4c6d8e0f1a3b5c7d9e0f2a4b6c8d0e1f">The id of its schedule.</param>
/// <param name="Objective" example="1448.5">The objective of the best schedule.</param>
/// <param name="LowerBound" example="1402">What no schedule at this limit is better than, of all placements and splits that the profile leaves open.</param>
/// <param name="PeakMemory" example="6.5">The most that any device holds at once.</param>
/// <param name="Method" example="window-search">What found it.</param>
internal sealed record LimitAnswer(decimal? Limit, string Id, decimal Objective, decimal LowerBound, decimal PeakMemory, string Method)
{
    /// <summary>
    /// The id of the problem whose schedule leads, with its placement and its split, where the profile leaves them open: <c>id</c> is then that of the choice.
    /// </summary>
    /// <example>9b0c51a7d2f84c1e6a3b9d0c7e5f1a2b4c6d8e0f1a3b5c7d9e0f2a4b6c8d0e1f</example>
    public string? Leader { get; init; }

    /// <summary>The name of the placement of its schedule.</summary>
    /// <example>linear</example>
    public required string Placement { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Access;

/// <summary>Who may use the service and how much: the section <c>Access</c> of the configuration.</summary>
internal sealed class AccessSettings
{
    /// <summary>Whether requests need a key.</summary>
    public bool RequireKeys { get; init; }

    /// <summary>Whether the service may listen beyond this machine although no keys are required.</summary>
    public bool AllowOpen { get; init; }

    /// <summary>Which schedules a key can read: <c>shared</c> or <c>own</c>.</summary>
    public ScheduleVisibility Schedules { get; init; }

    /// <summary>
    /// Requests a minute in this process, for each key that has no quota of its own, and for each address without a key. No limit when absent.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Unfinished solves at once, for each key that has no quota of its own, and for each address without a key. No limit when absent.</summary>
    [Range(1, 100_000)]
    public int? ConcurrentSolves { get; init; }

    /// <summary>
    /// Seconds of search in a day of UTC, for each key that has no quota of its own, and for each address without a key. No limit when absent.
    /// </summary>
    [Range(1, 100_000_000)]
    public int? SolverSecondsPerDay { get; init; }

    internal Quotas Quotas => new(RequestsPerMinute, ConcurrentSolves, SolverSecondsPerDay);
}

using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How long messages take from a device of one node to a device of another.</summary>
public sealed record NodeLinks
{
    /// <summary>
    /// GB (10^9 bytes) a second that one device sends, one way, from 0.001 to 10^9: one number for all pairs of nodes, or a nodes x nodes matrix of measured
    /// ones (row: from, column: to), whose diagonal counts for nothing.
    /// </summary>
    /// <example>50</example>
    public required LinkValues Bandwidth { get; init; }

    /// <summary>Milliseconds until the first byte arrives, from 0 to 10,000. Default 0.</summary>
    /// <example>0.01</example>
    public double Latency { get; init; }
}

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How long a message takes from one device to another.</summary>
public sealed record Link
{
    /// <summary>GB (10^9 bytes) a second that one device sends, one way, from 0.001 to 10^9.</summary>
    /// <example>450</example>
    public required double Bandwidth { get; init; }

    /// <summary>Milliseconds until the first byte arrives, from 0 to 10,000. Default 0.</summary>
    /// <example>0.005</example>
    public double Latency { get; init; }
}

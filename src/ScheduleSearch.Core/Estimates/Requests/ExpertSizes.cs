namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>The experts of a mixture-of-experts layer.</summary>
public sealed record ExpertSizes
{
    /// <summary>E: routed experts of a layer, from 1 to 65,536.</summary>
    /// <example>8</example>
    public required long Count { get; init; }

    /// <summary>k: experts that a token is sent to, from 1 to <c>count</c>.</summary>
    /// <example>2</example>
    public required long TopK { get; init; }

    /// <summary>Inner width of an expert, from 1 to 16,777,216. Default the dense feed-forward's.</summary>
    public long? FeedForward { get; init; }

    /// <summary>Inner width of the experts that every token passes, together; 0 for none. Default 0.</summary>
    public long SharedFeedForward { get; init; }

    /// <summary>First layers that are dense all the same. Default 0.</summary>
    public int FirstDense { get; init; }
}

namespace ScheduleSearch.Core.Profiles;

/// <summary>Times of one stage (chunk) on one microbatch: one number, or one for each of the S stages; each 0 or more.</summary>
public sealed record OperationTimes
{
    /// <summary>The unit of all times. Default ms.</summary>
    /// <example>ms</example>
    public TimeUnit Unit { get; init; } = TimeUnit.ms;

    /// <summary>Time of a forward.</summary>
    /// <example>18.522</example>
    public required StageValues Forward { get; init; }

    /// <summary>Time of the backward's input gradient.</summary>
    /// <example>18.086</example>
    public required StageValues BackwardInput { get; init; }

    /// <summary>Time of the backward's weight gradient; may be 0.</summary>
    /// <example>9.337</example>
    public required StageValues BackwardWeight { get; init; }

    /// <summary>
    /// Time of a backward that is carried out as one operation, where it is not the sum of both gradients; 0 where that is. Counts where backwards are fused:
    /// with <c>options.splitBackward: false</c>, <c>backward.choose</c>, or a family of whole backwards.
    /// </summary>
    /// <example>21.4</example>
    public StageValues? Backward { get; init; }

    /// <summary>
    /// A message between neighbouring stages on different devices: its latency, a number or a devices x devices matrix; or an object that says how long
    /// it takes by its size, and whether others have to wait for it.
    /// </summary>
    /// <example>0.601</example>
    public Communication Communication { get; init; } = 0;
}

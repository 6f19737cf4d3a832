namespace ScheduleSearch.Core.Profiles;

/// <summary>How large a problem may be. A larger one is impossible here, not malformed.</summary>
/// <param name="MaxDevices">Most devices.</param>
/// <param name="MaxStages">Most stages of a pipe.</param>
/// <param name="MaxMicrobatches">Most microbatches an iteration.</param>
/// <param name="MaxOperations">Most operations (three for each stage and microbatch).</param>
public sealed record ProblemLimits(int MaxDevices = 256, int MaxStages = 1024, int MaxMicrobatches = 65_536, int MaxOperations = 400_000)
{
    /// <summary>No limits, for problems that were accepted elsewhere.</summary>
    public static ProblemLimits None { get; } = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>The limits of a service that nobody configured.</summary>
    public static ProblemLimits Default { get; } = new();
}

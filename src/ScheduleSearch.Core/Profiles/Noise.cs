using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// What durations do from one iteration to the next. Each factor is drawn of a lognormal distribution whose mean is 1, so that the mean of an operation's
/// duration is the profile's. Nothing is drawn where nothing is stated.
/// </summary>
public sealed record Noise
{
    /// <summary>
    /// Coefficient of variation of a factor that each forward and each backward of a microbatch on a stage has by itself; both gradients of a backward have
    /// the same. One number, or one for each stage, from 0 to 5.
    /// </summary>
    /// <example>0.05</example>
    public StageValues Operation { get; init; } = 0;

    /// <summary>Of a factor that all operations of a stage have in an iteration. One number, or one for each stage, from 0 to 5.</summary>
    /// <example>0.02</example>
    public StageValues Stage { get; init; } = 0;

    /// <summary>Of a factor that all operations of a microbatch have on all stages, as where sequences differ in length. From 0 to 5.</summary>
    /// <example>0.1</example>
    public decimal Microbatch { get; init; }

    /// <summary>Devices that take longer, or less, in every iteration.</summary>
    public ImmutableArray<SlowDevice> SlowDevices { get; init; } = [];

    /// <summary>Messages that take longer now and then.</summary>
    public LinkSpikes? Spikes { get; init; }

    /// <summary>Measured durations, which stand in the place of the profile's.</summary>
    public DurationSamples? Samples { get; init; }
}

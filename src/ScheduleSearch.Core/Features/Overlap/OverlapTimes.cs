using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// What one device takes for a forward and the whole backward of another microbatch when the two are carried out together: communication of
/// one hides behind arithmetic of the other. Source: DeepSeek-AI, DualPipe, github.com/deepseek-ai/DualPipe.
/// </summary>
public sealed record OverlapTimes
{
    /// <summary>
    /// The time of a pair: one number, or S numbers by the stage of the forward. At least the longer of the two, at most their sum, for every
    /// backward on the forward's device.
    /// </summary>
    /// <example>2.5</example>
    public required StageValues Duration { get; init; }
}

using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>How much of the work beside the microbatches costs nothing, in the unit of the profile's times.</summary>
/// <param name="Work" example="[12, 0, 0, 12]">That work of each device.</param>
/// <param name="Free" example="[6, 0, 0, 8]">What of it stands in bubbles: all but the time by which the device takes longer than the same orders without any
/// such work take in all.</param>
/// <param name="Without" example="33">The objective of those orders without it.</param>
internal sealed record FillAnswer(IEnumerable<decimal> Work, IEnumerable<decimal> Free, decimal Without)
{
    /// <summary>What is answered of a schedule; null where it has no such work.</summary>
    public static FillAnswer? Of(Timeline timeline) =>
        FilledBubbles.Of(timeline) is { } filled ? new FillAnswer(filled.Work, filled.Free, filled.Without) : null;
}

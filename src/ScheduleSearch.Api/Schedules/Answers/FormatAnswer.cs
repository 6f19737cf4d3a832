using ScheduleSearch.Core.Instructions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A format of instruction streams, for one schedule.</summary>
/// <param name="Name">The name, as <c>format</c> takes it.</param>
/// <param name="MediaType">The media type of its streams.</param>
/// <param name="Description">Which runtime reads it.</param>
/// <param name="Versions">The runtime's versions that read different streams; empty where all read the same.</param>
/// <param name="Carries">Whether it can carry the schedule.</param>
/// <param name="Reason">Why it cannot, and what to change.</param>
internal sealed record FormatAnswer(
    string Name, string MediaType, string Description, IReadOnlyList<string> Versions, bool Carries, string? Reason)
{
    public static FormatAnswer Of(IInstructionFormat format, FormatRefusal? refusal) => new(
        format.Name, format.MediaType, format.Description, format.Versions, refusal is null, refusal is null ? null : $"{refusal.Reason} {refusal.Fix}");
}

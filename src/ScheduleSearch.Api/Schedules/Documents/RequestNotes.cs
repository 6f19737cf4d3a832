using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>What an answer says of the very request that is answered, and no other answer of the same schedule.</summary>
/// <param name="Warnings">By JSON path, why a member of the request looks like a number of another unit; null when none does.</param>
/// <param name="Launch">What the runtime takes that the request names; null when it names none.</param>
internal sealed record RequestNotes(IReadOnlyDictionary<string, string[]>? Warnings = null, LaunchAnswer? Launch = null);

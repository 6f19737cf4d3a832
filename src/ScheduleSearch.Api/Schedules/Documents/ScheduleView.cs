using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>What is answered of what is stored, whether it has a schedule of its own or points to one.</summary>
/// <param name="Stored">What is stored.</param>
/// <param name="Shown">What has the schedule that is answered with; null when there is none yet.</param>
/// <param name="Version">What the answer changes with.</param>
/// <param name="Status">The state of the search.</param>
/// <param name="Reached">The state that the search would leave, ended now.</param>
/// <param name="LowerBound">What is proved of every schedule that the search may find, in the profile's unit; null when nothing is.</param>
/// <param name="Bound">What proves it.</param>
/// <param name="Result">The members of the result as a JSON object; null when there is none yet.</param>
internal sealed record ScheduleView(
    StoredSchedule Stored, StoredSchedule? Shown, RowVersion Version, string Status, string Reached, decimal? LowerBound, string? Bound,
    PackedBytes? Result);

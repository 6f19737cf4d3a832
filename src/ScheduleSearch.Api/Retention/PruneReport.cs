namespace ScheduleSearch.Api.Retention;

/// <summary>What was deleted, or would be.</summary>
/// <param name="Schedules">Schedules.</param>
/// <param name="Batches">Batches, with their requests.</param>
internal sealed record PruneReport(int Schedules, int Batches);

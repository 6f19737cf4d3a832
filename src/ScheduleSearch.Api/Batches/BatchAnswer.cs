namespace ScheduleSearch.Api.Batches;

/// <summary>How far a batch is.</summary>
/// <param name="Id" example="2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11">The id of the batch.</param>
/// <param name="Status" example="running"><c>running</c>, <c>done</c> or <c>canceled</c>.</param>
/// <param name="Count" example="200">The requests of the batch.</param>
/// <param name="Done" example="120">Those that are done: their searches have ended or have spent what they ask for.</param>
/// <param name="Counts">The requests by state: <c>waiting</c> for room among the searches, <c>queued</c> and <c>running</c>, and when they are done
/// <c>optimal</c>, <c>feasible</c>, <c>canceled</c> or <c>failed</c>. States that none has are left out.</param>
/// <param name="CreatedAt">When the batch was sent.</param>
/// <param name="Results" example="/batches/2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11/results">Where the results are, from the root of this service.</param>
internal sealed record BatchAnswer(
    string Id, string Status, int Count, int Done, IReadOnlyDictionary<string, int> Counts, DateTime CreatedAt, string Results);

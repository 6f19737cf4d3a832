using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>A request of a batch that is to be submitted.</summary>
/// <param name="Item">The request.</param>
/// <param name="Caller">Who sent the batch.</param>
internal sealed record WaitingItem(BatchItemRow Item, string? Caller);

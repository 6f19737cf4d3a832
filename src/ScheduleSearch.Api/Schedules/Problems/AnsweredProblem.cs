using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>A problem is answered by its own schedule.</summary>
internal sealed class AnsweredProblem(StoredProblem stored, ScheduleCache cache) : IAnswered
{
    /// <inheritdoc/>
    public object? Check() => cache.ResultOf(stored);

    /// <inheritdoc/>
    public Task<ScheduleView> ViewAsync(CancellationToken cancellation) =>
        Task.FromResult(new ScheduleView(stored, stored.Version, stored.Status, stored.Reached, cache.ResultOf(stored)));

    /// <inheritdoc/>
    public Task<(StoredSchedule Stored, bool IsFinal)> FindScheduleAsync(CancellationToken cancellation) =>
        Task.FromResult<(StoredSchedule, bool)>((stored, stored.Status == ScheduleStatus.Optimal));
}

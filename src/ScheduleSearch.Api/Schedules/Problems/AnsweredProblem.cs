using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>A problem is answered by its own schedule.</summary>
internal sealed class AnsweredProblem(StoredProblem stored, ScheduleCache cache) : IAnswered
{
    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellation) => cache.SolutionOfAsync(stored, cancellation);

    /// <inheritdoc/>
    public async Task<ScheduleView> ViewAsync(bool withDevices, CancellationToken cancellation) =>
        new(
            stored, stored, stored.Version, stored.Status, stored.Reached, stored.Result.LowerBound, stored.Result.BoundName,
            await cache.ResultOfAsync(stored, withDevices, cancellation));

    /// <inheritdoc/>
    public Task<(StoredSchedule Stored, bool IsFinal)> FindScheduleAsync(CancellationToken cancellation) =>
        Task.FromResult<(StoredSchedule, bool)>((stored, stored.IsFinal));
}

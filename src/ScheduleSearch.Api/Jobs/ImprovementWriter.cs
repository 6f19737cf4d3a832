using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Stores improvements.</summary>
internal sealed class ImprovementWriter(
    ScheduleStore store, IOptions<JobSettings> settings, TimeProvider time, ILogger<ImprovementWriter> logger)
{
    /// <summary>From this many operations on, storing an order takes long enough to leave out some.</summary>
    private const int Large = 10_000;

    /// <summary>Stores a solution, waiting for the database when it is away.</summary>
    public Task WriteAsync(StoredProblem stored, Solution solution) =>
        StorageFault.OutlastAsync(() => store.ImproveAsync(stored, solution, CancellationToken.None), time, logger, CancellationToken.None);

    /// <summary>Opens a stream of improvements that are stored as they come, the newest first.</summary>
    public ImprovementStream Open(StoredProblem stored, Problem problem)
    {
        var large = 3L * problem.Stages * problem.Microbatches >= Large;
        var pause = large ? TimeSpan.FromMilliseconds(settings.Value.StoreIntervalMilliseconds) : TimeSpan.Zero;
        return new ImprovementStream(solution => WriteAsync(stored, solution), pause, time);
    }
}

using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Bounds how many quick passes and how many improving searches run at the same time.</summary>
internal sealed class SolverConcurrency(IOptions<JobSettings> settings) : IDisposable
{
    private readonly SemaphoreSlim _quick = new(settings.Value.QuickPasses);
    private readonly SemaphoreSlim _search = new(settings.Value.Searches);

    public Task<T> QuickAsync<T>(Func<Task<T>> action, CancellationToken cancellation) => WithinAsync(_quick, action, cancellation);

    public Task<T> SearchAsync<T>(Func<Task<T>> action, CancellationToken cancellation) => WithinAsync(_search, action, cancellation);

    public void Dispose()
    {
        _quick.Dispose();
        _search.Dispose();
    }

    private static async Task<T> WithinAsync<T>(SemaphoreSlim places, Func<Task<T>> action, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return await action();
        }
        finally
        {
            places.Release();
        }
    }
}

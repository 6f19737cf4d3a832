using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Bounds how many quick passes and how many improving searches run at the same time.</summary>
internal sealed class SearchLanes(IOptions<JobSettings> settings) : IDisposable
{
    private readonly SemaphoreSlim _quick = new(settings.Value.QuickPasses);
    private readonly SemaphoreSlim _search = new(settings.Value.Searches);

    public Task<T> QuickAsync<T>(Func<Task<T>> action, CancellationToken cancellation) => OnAsync(_quick, action, cancellation);

    public Task<T> SearchAsync<T>(Func<Task<T>> action, CancellationToken cancellation) => OnAsync(_search, action, cancellation);

    public void Dispose()
    {
        _quick.Dispose();
        _search.Dispose();
    }

    private static async Task<T> OnAsync<T>(SemaphoreSlim lane, Func<Task<T>> action, CancellationToken cancellation)
    {
        await lane.WaitAsync(cancellation);
        try
        {
            return await action();
        }
        finally
        {
            lane.Release();
        }
    }
}

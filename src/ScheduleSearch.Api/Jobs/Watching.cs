using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>One who watches a row, until it is disposed of.</summary>
internal sealed class Watching(Watched watched, Action close) : IDisposable
{
    /// <inheritdoc cref="Watched.Next"/>
    public Task Next => watched.Next;

    /// <inheritdoc cref="Watched.ReadAsync"/>
    public Task<Progress?> ReadAsync() => watched.ReadAsync();

    public void Dispose() => close();
}

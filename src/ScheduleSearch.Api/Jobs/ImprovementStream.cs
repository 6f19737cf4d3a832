using System.Threading.Channels;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Takes solutions from the solver's threads without holding them up, and keeps only the newest when the database is slower.</summary>
internal sealed class ImprovementStream : IAsyncDisposable
{
    private readonly Channel<Solution> _newest = Channel.CreateBounded<Solution>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Task _writing;

    public ImprovementStream(Func<Solution, Task> write, TimeSpan pause, TimeProvider time) => _writing = WriteAsync(write, pause, time);

    public void Offer(Solution solution) => _newest.Writer.TryWrite(solution);

    /// <summary>Ends the stream. What was offered last is left to the caller, who has the search's result.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_newest.Reader.TryRead(out _))
        {
        }

        _newest.Writer.Complete();
        await _writing;
    }

    private async Task WriteAsync(Func<Solution, Task> write, TimeSpan pause, TimeProvider time)
    {
        await foreach (var solution in _newest.Reader.ReadAllAsync())
        {
            await write(solution);
            // The end of the search ends the pause too.
            if (pause > TimeSpan.Zero) await Task.WhenAny(Task.Delay(pause, time), _newest.Reader.Completion);
        }
    }
}

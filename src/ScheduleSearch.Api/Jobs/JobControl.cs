using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// What requests ask of the jobs: to have what is submitted searched once, however many ask and wherever, to wait for it and to stop it.
/// </summary>
internal sealed class JobControl(
    ScheduleStore store, ScheduleQueue queue, ScheduleWatch watch, Tickets tickets, IHostApplicationLifetime lifetime, TimeProvider time,
    IOptions<JobSettings> settings)
{
    /// <summary>How long a request that stops a search waits for its end, which takes longer only when the searching process has ended.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Whether the service stops, so that nobody should wait any longer.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The longest that a request waits for a search of a time limit.</summary>
    public TimeSpan WaitFor(SolveOptions options) => TimeSpan.FromSeconds(options.TimeLimitSeconds + settings.Value.GraceSeconds);

    /// <summary>Sees to it that what is stored will meet a budget.</summary>
    /// <param name="submission">What is to be searched.</param>
    /// <param name="asked">The budget.</param>
    /// <param name="asking">On whose behalf.</param>
    /// <param name="cancellation">Gives up looking, not the search.</param>
    /// <returns>Whether this caused a search: not when the result is there already, nor when one of the same budget runs.</returns>
    /// <exception cref="BusyException">The search would be one too many.</exception>
    public async Task<bool> SubmitAsync(Submission submission, Budget asked, Asking asking, CancellationToken cancellation)
    {
        while (true)
        {
            var present = await store.ProgressAsync(submission.Id, cancellation);
            if (present is { IsPart: true } && !asking.IsPart) await queue.AskForAsync(submission.Id, cancellation);
            if (present is not null && asked.IsMetBy(present)) return false;
            if (present is { IsUnfinished: true })
            {
                if (asking.IsWaitedFor) await queue.WaitForAsync([submission.Id], cancellation);
                if (present.Asked.Covers(asked)) return false;
                if (await queue.RaiseAsync(present, asked, asking, cancellation)) return true;
                continue;
            }

            if (!asking.IsPart && await queue.CountAsync(cancellation) >= settings.Value.MaxUnfinished) throw new BusyException();
            // Not canceled with the request: what is in the table gets a search, so that it should be told of.
            var isQueued = present is null
                ? await queue.InsertAsync(submission, asked, asking, CancellationToken.None)
                : await queue.RequeueAsync(present, asked, asking, CancellationToken.None);
            if (!isQueued) continue;
            tickets.Offer(submission.Asked is null ? Lane.Choice : present?.Incumbent is null ? Lane.Quick : Lane.Search);
            return true;
        }
    }

    /// <summary>Waits until what is stored meets a budget, the search ends, the wait is over or the service stops.</summary>
    /// <param name="id">The id of what was submitted.</param>
    /// <param name="asked">The budget.</param>
    /// <param name="deadline">Until when to wait.</param>
    /// <param name="cancellation">Gives up waiting, not the search.</param>
    /// <param name="waits">Whether the result is waited for by somebody; always unless given.</param>
    /// <returns>What is stored then; null when it is no longer there.</returns>
    public async Task<StoredSchedule?> WaitAsync(string id, Budget asked, Deadline deadline, CancellationToken cancellation, Func<bool>? waits = null)
    {
        var stored = await store.FindAsync(id, cancellation);
        if (stored is null || IsOver(asked, stored.Progress)) return stored;
        using var watching = watch.Open(id, waits ?? (() => true));
        for (var progress = stored.Progress; progress is not null && !IsOver(asked, progress);)
        {
            var left = deadline.Left(time);
            if (left <= TimeSpan.Zero || IsStopping) break;
            progress = await NextAsync(watching, progress, left, cancellation);
        }

        return await store.FindAsync(id, cancellation);
    }

    /// <summary>Watches a search.</summary>
    public Watching Watch(string id) => watch.Open(id, () => true);

    /// <summary>How far a search is after its next change, or unchanged after a time or when the service stops.</summary>
    /// <returns>How far it is; null when the row is no longer there.</returns>
    public async Task<Progress?> NextAsync(Watching watching, Progress seen, TimeSpan most, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var change = watching.Next;
            var progress = await watching.ReadAsync().WaitAsync(cancellation);
            var left = most - time.GetElapsedTime(start);
            if (progress is null || progress.Version != seen.Version || left <= TimeSpan.Zero || IsStopping) return progress;
            await ChangeAsync(change, left, cancellation);
        }
    }

    /// <summary>Notes that somebody asks for the result of a search again and again.</summary>
    public Task PolledAsync(string id, CancellationToken cancellation) => queue.WaitForAsync([id], cancellation);

    /// <summary>Queues anew what a row that cannot be trusted was for.</summary>
    public async Task RestartAsync(StoredSchedule bad, CancellationToken cancellation)
    {
        if (await queue.RestartAsync(bad, cancellation)) tickets.Offer(bad.FirstLane);
    }

    /// <summary>Stops a search, whichever process carries it out, and waits until its row says so.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        using var watching = watch.Open(id, () => false);
        var start = time.GetTimestamp();
        await queue.StopAsync(id, cancellation);
        while (time.GetElapsedTime(start) < LongestStop && !IsStopping)
        {
            var change = watching.Next;
            if (await watching.ReadAsync().WaitAsync(cancellation) is not { IsUnfinished: true }) return;
            await ChangeAsync(change, Poll, cancellation);
            await queue.EndStoppedAsync(id, cancellation);
        }
    }

    /// <summary>
    /// Whether nothing is left to wait for. A search whose own budget is met ends at once; one that goes on for somebody else's is not waited for.
    /// </summary>
    private static bool IsOver(Budget asked, Progress progress) =>
        !progress.IsUnfinished || (asked.IsMetBy(progress) && !progress.Asked.IsMetBy(progress));

    /// <summary>Waits for a change, at most for a time.</summary>
    private async Task ChangeAsync(Task change, TimeSpan most, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        await Task.WhenAny(change, Task.Delay(most, time, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}

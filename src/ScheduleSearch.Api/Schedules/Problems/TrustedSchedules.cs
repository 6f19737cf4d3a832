using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Telemetry;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>Has submissions searched, and answers with what the table holds of them once it is verified; what cannot be trusted is searched anew.</summary>
internal sealed class TrustedSchedules(
    JobControl jobs, ScheduleStore store, GivenSchedules given, KeptSchedules kept, ScheduleCache cache, SearchMetrics metrics,
    ILogger<TrustedSchedules> logger)
{
    private const int MostAttempts = 3;

    /// <summary>Submits a problem or a choice and waits for it.</summary>
    /// <param name="submission">What is submitted.</param>
    /// <param name="options">What may be spent on it.</param>
    /// <param name="deadline">Until when to wait.</param>
    /// <param name="asking">On whose behalf.</param>
    /// <param name="cancellation">Gives up waiting, not the search.</param>
    /// <param name="submitted">Called once, when the submission is in the table and before it is waited for.</param>
    /// <param name="start">A schedule to begin with, if it is better than what is stored; null for none.</param>
    /// <returns>What is stored, whether it meets the budget or its search has ended, and whether this request caused no search.</returns>
    public async Task<(StoredSchedule Stored, bool IsDone, bool Cached)> SolveAsync(
        Submission submission, SolveOptions options, Deadline deadline, Asking asking, CancellationToken cancellation, Func<Task>? submitted = null,
        Solution? start = null)
    {
        using var scope = logger.BeginSchedule(submission.Id);
        var asked = Budget.Of(options);
        // What is stored has passed this.
        if (submission.Asked is { Family: not null } family && await store.FindAsync(family.Id, cancellation) is null) AskedFamily.CheckMemory(family);
        if (start is not null) await GiveAsync(submission, start, cancellation);
        var cached = true;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            cached &= !await jobs.SubmitAsync(submission, asked, asking, cancellation);
            if (attempt == 0 && submitted is not null) await submitted();
            var stored = await jobs.WaitAsync(submission.Id, asked, deadline, cancellation);
            if (stored is null || !await IsTrustedAsync(stored, cancellation)) continue;
            metrics.CountRequest(cached);
            return (stored, asked.IsMetBy(stored) || !stored.IsUnfinished, cached);
        }

        throw new InvalidOperationException($"What is stored of {submission.Id} cannot be trusted, however often it is searched anew.");
    }

    private async Task GiveAsync(Submission submission, Solution start, CancellationToken cancellation)
    {
        try
        {
            await given.PutAsync(submission, start, spent: default, cancellation);
        }
        catch (Exception exception) when (exception is InvalidDataException or ContradictionException)
        {
            logger.LogWarning(exception, "What is stored of {Id} does not go with a schedule to begin with, which is left out.", submission.Id);
        }
    }

    /// <summary>What is stored of an id; what cannot be trusted is searched anew, and queued until then.</summary>
    /// <exception cref="RequestFault">404: there is none.</exception>
    public async Task<StoredSchedule> FindAsync(string id, CancellationToken cancellation) =>
        await TryFindAsync(id, cancellation) ?? throw RequestFault.NotFound();

    /// <summary>As <see cref="FindAsync"/>; null when there is none.</summary>
    public async Task<StoredSchedule?> TryFindAsync(string id, CancellationToken cancellation)
    {
        while (ScheduleId.IsOne(id) && await store.FindAsync(id, cancellation) is { } stored)
        {
            if (await IsTrustedAsync(stored, cancellation)) return stored;
        }

        return null;
    }

    /// <summary>What is answered of what is stored and trusted.</summary>
    public Task<ScheduleView> ViewAsync(StoredSchedule stored, CancellationToken cancellation) => ViewAsync(stored, withDevices: true, cancellation);

    /// <summary>As the other, with or without the operations of devices.</summary>
    public Task<ScheduleView> ViewAsync(StoredSchedule stored, bool withDevices, CancellationToken cancellation) =>
        Answered(stored).ViewAsync(withDevices, cancellation);

    /// <summary>
    /// Whose schedule an id stands for: for a choice the one that leads, once there is one. Where a revision is named, the schedule of that name, which a
    /// better one may have replaced.
    /// </summary>
    /// <exception cref="RequestFault">404: there is none. 410: the revision is not kept, or no longer.</exception>
    public async Task<StoredSchedule> FindScheduleAsync(string id, string? revision, CancellationToken cancellation)
    {
        var (current, isFinal) = await Answered(await FindAsync(id, cancellation)).FindScheduleAsync(cancellation);
        if (current.Revision is not { } name || revision == name) return current;
        if (revision is null)
        {
            if (!isFinal) await kept.KeepAsync(id, current, cancellation);
            return current;
        }

        if (await kept.FindAsync(id, revision, cancellation) is { } earlier && await CanReadAsync(earlier, cache.SolutionOfAsync(earlier, cancellation)))
            return earlier;
        throw new RequestFault(
            StatusCodes.Status410Gone, "revision",
            $"Is not kept, or no longer; the present one is {name}. Have every rank fetch that, those included that have another already.");
    }

    /// <summary>Keeps the schedule that a search ended with, as long as a later search may replace it: an answer has named it.</summary>
    public Task KeepAsync(ScheduleView view, CancellationToken cancellation) =>
        view.Shown is { IsOwn: false } shown && !view.Stored.IsUnfinished && view.Status != ScheduleStatus.Optimal
            ? kept.KeepAsync(view.Stored.Id, shown, cancellation)
            : Task.CompletedTask;

    private IAnswered Answered(StoredSchedule stored) => stored.Match<IAnswered>(
        problem => new AnsweredProblem(problem, cache), choice => new AnsweredChoice(choice, store, cache, IsTrustedAsync));

    /// <summary>Whether what a row holds can be answered with.</summary>
    private Task<bool> IsTrustedAsync(StoredSchedule stored, CancellationToken cancellation) =>
        IsTrustedAsync(stored, Answered(stored).CheckAsync(cancellation));

    private async Task<bool> IsTrustedAsync(StoredSchedule stored, Task check)
    {
        using var scope = logger.BeginSchedule(stored.Id);
        if (await CanReadAsync(stored, check)) return true;
        await jobs.RestartAsync(stored, CancellationToken.None);
        return false;
    }

    private async Task<bool> CanReadAsync(StoredSchedule stored, Task read)
    {
        await Task.WhenAny(read);
        return stored.TryRead(() => End(read), logger, out _);
    }

    /// <summary>What went wrong in something that has ended goes wrong here.</summary>
    private static bool End(Task ended)
    {
        ended.GetAwaiter().GetResult();
        return true;
    }
}

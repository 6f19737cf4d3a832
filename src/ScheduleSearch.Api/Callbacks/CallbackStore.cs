using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>The messages that are to be sent. They are in the table before the request that asks for them is answered, and leave it when they arrive.</summary>
internal sealed class CallbackStore(Func<SchedulesContext> open, IOptions<CallbackSettings> settings, TimeProvider time)
{
    private const int MostAtOnce = 64;
    private const int SecondsUntilFewer = 30;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Adds a message to be sent as soon as a search has spent a budget or ended.</summary>
    /// <exception cref="RequestFault">429: as many wait for delivery as the settings allow.</exception>
    public async Task AddAsync(string scheduleId, CallbackRequest request, Budget asked, CancellationToken cancellation)
    {
        await CheckRoomAsync(1, cancellation);
        await using var context = open();
        context.Add(RowOf(scheduleId, request, asked));
        await context.SaveChangesAsync(cancellation);
    }

    /// <summary>Makes sure that so many more messages may wait for delivery.</summary>
    /// <exception cref="RequestFault">429: they would be more than the settings allow.</exception>
    public async Task CheckRoomAsync(int more, CancellationToken cancellation)
    {
        if (more == 0) return;
        await using var context = open();
        if (await context.Callbacks.CountAsync(cancellation) + more <= settings.Value.MaxUndelivered) return;
        throw new RequestFault(StatusCodes.Status429TooManyRequests, "Too many callbacks are not delivered yet; leave this one out, or come again.")
        {
            RetryAfter = SecondsUntilFewer,
        };
    }

    /// <summary>The row of a message that waits for a search to end or to spend a budget.</summary>
    public CallbackRow RowOf(string scheduleId, CallbackRequest request, Budget asked) => new()
    {
        Id = Guid.CreateVersion7(time.GetUtcNow()),
        ScheduleId = scheduleId,
        Url = request.Url,
        Host = new Uri(request.Url).Authority,
        Reference = request.Reference,
        AskedSeconds = asked.Seconds,
        AskedWork = asked.Work,
        AskedGap = asked.Gap,
        DueAt = Now,
        CreatedAt = Now,
    };

    /// <summary>Whether a search has a message that waits for its end.</summary>
    public async Task<bool> WaitsForAsync(string scheduleId, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Callbacks.AnyAsync(row => row.ScheduleId == scheduleId && row.Body == null, cancellation);
    }

    /// <summary>The messages that are not made yet and whose schedule has changed since they were looked at.</summary>
    public async Task<List<CallbackRow>> ChangedAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Callbacks.AsNoTracking().Where(row => row.Body == null)
            .Join(context.Schedules, row => row.ScheduleId, schedule => schedule.Id, (row, schedule) => new { row, schedule.Revision })
            .Where(pair => pair.Revision != pair.row.SeenRevision)
            .OrderBy(pair => pair.row.CreatedAt).Select(pair => pair.row).Take(MostAtOnce).ToListAsync(cancellation);
    }

    /// <summary>Stores that a search had not ended at a revision.</summary>
    public async Task SeeAsync(Guid id, int revision, CancellationToken cancellation)
    {
        await using var context = open();
        await context.Callbacks.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenRevision, revision), cancellation);
    }

    /// <summary>Stores a message, which never changes from then on, and makes it due.</summary>
    public async Task MakeAsync(Guid id, string body, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        await context.Callbacks.Where(row => row.Id == id && row.Body == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Body, body).SetProperty(row => row.EndedAt, now).SetProperty(row => row.DueAt, now), cancellation);
    }

    /// <summary>Messages that are due, oldest first, but for those to some hosts.</summary>
    public async Task<List<CallbackRow>> DueAsync(IReadOnlyCollection<string> exceptHosts, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        return await context.Callbacks.AsNoTracking().Where(row => row.Body != null && row.DueAt <= now && !exceptHosts.Contains(row.Host))
            .OrderBy(row => row.DueAt).Take(MostAtOnce).ToListAsync(cancellation);
    }

    /// <summary>Begins an attempt: nobody else takes it for a time, after which it is due again should this process be killed.</summary>
    /// <returns>False when somebody else has begun one.</returns>
    public async Task<bool> TryBeginAsync(CallbackRow row, TimeSpan most, CancellationToken cancellation)
    {
        await using var context = open();
        var until = Now + most;
        return await context.Callbacks.Where(other => other.Id == row.Id && other.Attempts == row.Attempts).ExecuteUpdateAsync(
            set => set.SetProperty(other => other.Attempts, row.Attempts + 1).SetProperty(other => other.DueAt, until), cancellation) == 1;
    }

    /// <summary>Makes a message due again after a pause.</summary>
    public async Task PostponeAsync(Guid id, TimeSpan pause, CancellationToken cancellation)
    {
        await using var context = open();
        var due = Now + pause;
        await context.Callbacks.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, due), cancellation);
    }

    /// <summary>Drops a message that has arrived or is given up.</summary>
    public async Task DropAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        await context.Callbacks.Where(row => row.Id == id).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Drops messages about schedules that are no longer there, as soon as they are old.</summary>
    public async Task DropOrphansAsync(CancellationToken cancellation)
    {
        await using var context = open();
        var before = Now - TimeSpan.FromHours(settings.Value.MaxAgeHours);
        await context.Callbacks.Where(row => row.Body == null && row.CreatedAt < before && !context.Schedules.Any(schedule => schedule.Id == row.ScheduleId))
            .ExecuteDeleteAsync(cancellation);
    }
}

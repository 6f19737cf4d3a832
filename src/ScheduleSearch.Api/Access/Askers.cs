using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Access;

/// <summary>
/// Which key asked for which schedule, and what it calls the profile. A schedule belongs to nobody, for the same problem is the same schedule whoever
/// sends it: names stand here and not with it. While no keys are required nothing is recorded and everything may be read.
/// </summary>
internal sealed class Askers(Func<SchedulesContext> open, IOptions<AccessSettings> settings) : IScheduleScope
{
    /// <summary>Whether keys have names of their own for what they ask.</summary>
    public bool AreKept => settings.Value.RequireKeys;

    /// <inheritdoc/>
    public bool IsOwnAlone => AreKept && settings.Value.Schedules == ScheduleVisibility.Own;

    /// <summary>Whose names the answers to a request show, and whether they show anything else.</summary>
    public ScheduleReader ReaderOf(HttpContext context) => new(AreKept ? Caller.Of(context) : null, IsConfined(context));

    /// <summary>Records what a request asks for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ids">The problem or the choice, and what a choice is made of.</param>
    /// <param name="name">What the profile is called; null for nothing.</param>
    public async Task RecordAsync(HttpContext context, IReadOnlyList<string> ids, string? name)
    {
        if (!AreKept || context.Features.Get<ActiveKey>() is { IsOwn: true }) return;
        var (keyId, shown, cancellation) = (Caller.Of(context), name?.Replace('\0', ' '), context.RequestAborted);
        await using var askers = open();
        var known = await askers.Askers.AsNoTracking().Where(asker => asker.KeyId == keyId && ids.Contains(asker.ScheduleId))
            .ToDictionaryAsync(asker => asker.ScheduleId, asker => asker.Name, cancellation);
        var changed = ids.Where(id => !known.TryGetValue(id, out var before) || before != shown).ToList();
        if (changed.Count == 0) return;
        await using var together = await askers.Database.BeginTransactionAsync(cancellation);
        foreach (var id in changed)
        {
            await askers.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO askers ("KeyId", "ScheduleId", "Name") VALUES ({keyId}, {id}, {shown})
                ON CONFLICT ("KeyId", "ScheduleId") DO UPDATE SET "Name" = excluded."Name"
                """,
                cancellation);
        }

        await together.CommitAsync(cancellation);
    }

    /// <summary>What the key of a request calls the profile of a schedule; null for nothing.</summary>
    public async Task<string?> NameAsync(HttpContext context, string id) => (await FindAsync(context, id))?.Name;

    /// <summary>Sees to it that a request may read a schedule.</summary>
    /// <exception cref="RequestFault">404: it may not, and so does not learn whether there is such a schedule.</exception>
    public async Task CheckReadableAsync(HttpContext context, string id)
    {
        if (!await MayReadAsync(context, id)) throw RequestFault.NotFound();
    }

    /// <summary>Whether a request may read a schedule.</summary>
    public async Task<bool> MayReadAsync(HttpContext context, string id) => !IsConfined(context) || await FindAsync(context, id) is not null;

    /// <summary>Sees to it that a request may stop a search.</summary>
    /// <exception cref="RequestFault">403: others asked for it.</exception>
    public async Task CheckOwnAsync(HttpContext context, string id)
    {
        if (!AreKept || IsAdmin(context) || await FindAsync(context, id) is not null) return;
        throw new RequestFault(StatusCodes.Status403Forbidden, "Another key asked for this search; that one or an admin's stops it.");
    }

    private bool IsConfined(HttpContext context) => IsOwnAlone && !IsAdmin(context);

    private static bool IsAdmin(HttpContext context) => context.Features.Get<ActiveKey>() is { Role: AccessRole.Admin };

    private async Task<AskerRow?> FindAsync(HttpContext context, string id)
    {
        var keyId = Caller.Of(context);
        await using var askers = open();
        return await askers.Askers.AsNoTracking().SingleOrDefaultAsync(asker => asker.KeyId == keyId && asker.ScheduleId == id, context.RequestAborted);
    }
}

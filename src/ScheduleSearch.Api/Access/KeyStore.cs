using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Access;

/// <summary>Reads and writes the table of keys. Rows stay when their keys are revoked: they say whose an id was.</summary>
internal sealed class KeyStore(Func<SchedulesContext> open, TimeProvider time)
{
    /// <summary>Makes a key.</summary>
    /// <param name="name">What it is called in lists.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="quotas">Its own quotas; null for those of the settings.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its id, and its text, which cannot be had again.</returns>
    public async Task<(string Id, string Text)> CreateAsync(string name, AccessRole role, Quotas quotas, CancellationToken cancellation)
    {
        var (id, text) = ApiKey.Create();
        await using var context = open();
        context.Add(new KeyRow
        {
            Id = id,
            Name = name,
            Role = AccessRoles.NameOf(role),
            Hash = ApiKey.HashOf(text),
            RequestsPerMinute = quotas.RequestsPerMinute,
            ConcurrentSolves = quotas.ConcurrentSolves,
            SolverSecondsPerDay = quotas.SolverSecondsPerDay,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        });
        await context.SaveChangesAsync(cancellation);
        return (id, text);
    }

    /// <summary>All keys, oldest first, those that are revoked too.</summary>
    public async Task<List<KeyRow>> ListAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Keys.AsNoTracking().OrderBy(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync(cancellation);
    }

    /// <summary>Keys that are not revoked, by id.</summary>
    public async Task<Dictionary<string, ActiveKey>> ActiveAsync(CancellationToken cancellation)
    {
        await using var context = open();
        var rows = await context.Keys.AsNoTracking().Where(key => key.RevokedAt == null).ToListAsync(cancellation);
        return rows.ToDictionary(key => key.Id, key => new ActiveKey(
            key.Id, AccessRoles.Parse(key.Role), key.Hash, new Quotas(key.RequestsPerMinute, key.ConcurrentSolves, key.SolverSecondsPerDay)));
    }

    /// <summary>Revokes a key.</summary>
    /// <returns>False when there is no such key, or it is revoked already.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        var now = time.GetUtcNow().UtcDateTime;
        return await context.Keys.Where(key => key.Id == id && key.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), cancellation) == 1;
    }
}

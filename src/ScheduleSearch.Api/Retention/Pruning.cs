using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Batches;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Retention;

/// <summary>
/// Deletes what has not changed for long. What somebody still relies on stays, however old it is: a search that has not ended, a schedule that a callback or a
/// batch waits for, and the alternatives of a choice that stays, whose answer they are.
/// </summary>
internal sealed class Pruning(Func<SchedulesContext> open, TimeProvider time, ILogger<Pruning> logger)
{
    private const int Piece = 200;

    /// <summary>Deletes what a rule says, or counts it.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="isDry">Whether to count only.</param>
    /// <param name="cancellation">Stops between two pieces.</param>
    public async Task<PruneReport> RunAsync(PruneRule rule, bool isDry, CancellationToken cancellation)
    {
        var before = time.GetUtcNow().UtcDateTime - rule.OlderThan;
        var batches = await PruneBatchesAsync(before, isDry, cancellation);
        await using var context = open();
        var choices = await Old(context, rule, before).Where(row => row.Placement == PlacementChoice.Name).Select(row => row.Id).ToListAsync(cancellation);
        var deleted = await DeleteAsync(choices, rule, before, isDry, cancellation);
        // In a dry run the choices of the rule are still there, and count as gone.
        var needed = await AlternativesAsync([.. choices], cancellation);
        var problems = await Old(context, rule, before).Where(row => row.Placement != PlacementChoice.Name).Select(row => row.Id).ToListAsync(cancellation);
        deleted += await DeleteAsync([.. problems.Where(id => !needed.Contains(id))], rule, before, isDry, cancellation);
        return new PruneReport(deleted, batches);
    }

    private static IQueryable<ScheduleRow> Old(SchedulesContext context, PruneRule rule, DateTime before) => context.Schedules.AsNoTracking()
        .Where(row => row.UpdatedAt < before && rule.Deleted.Contains(row.Status))
        .Where(row => !context.Callbacks.Any(callback => callback.ScheduleId == row.Id && callback.Body == null))
        .Where(row => !context.BatchItems.Any(
            item => item.ScheduleId == row.Id && (item.Status == BatchStatus.Waiting || item.Status == BatchStatus.Submitted)));

    private async Task<int> DeleteAsync(List<string> ids, PruneRule rule, DateTime before, bool isDry, CancellationToken cancellation)
    {
        if (isDry) return ids.Count;
        var deleted = 0;
        foreach (var piece in ids.Chunk(Piece))
        {
            await using var context = open();
            // What was asked for again meanwhile is not old any more.
            deleted += await Old(context, rule, before).Where(row => piece.Contains(row.Id)).ExecuteDeleteAsync(cancellation);
            // Who asked for a schedule, and under which name, goes with it.
            await context.Askers.Where(asker => piece.Contains(asker.ScheduleId) && !context.Schedules.Any(row => row.Id == asker.ScheduleId))
                .ExecuteDeleteAsync(cancellation);
        }

        return deleted;
    }

    /// <summary>The ids of the alternatives of all choices but some.</summary>
    private async Task<HashSet<string>> AlternativesAsync(HashSet<string> except, CancellationToken cancellation)
    {
        await using var context = open();
        var needed = new HashSet<string>();
        var choices = context.Schedules.AsNoTracking().Where(row => row.Placement == PlacementChoice.Name);
        await foreach (var row in choices.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (except.Contains(row.Id)) continue;
            var choice = new StoredChoice(row);
            if (choice.TryRead(choice.Read, logger, out var read)) needed.UnionWith(read.Problems.Select(problem => problem.Id));
        }

        return needed;
    }

    private async Task<int> PruneBatchesAsync(DateTime before, bool isDry, CancellationToken cancellation)
    {
        await using var context = open();
        var old = context.Batches.Where(batch => batch.CreatedAt < before).Where(batch => !context.BatchItems.Any(
            item => item.BatchId == batch.Id && (item.Status == BatchStatus.Waiting || item.Status == BatchStatus.Submitted)));
        return isDry ? await old.CountAsync(cancellation) : await old.ExecuteDeleteAsync(cancellation);
    }
}

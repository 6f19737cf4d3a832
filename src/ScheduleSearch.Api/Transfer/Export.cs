using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Transfer;

/// <summary>Writes stored schedules as lines, choices after the problems that they point to. What has no schedule yet is left out.</summary>
internal sealed class Export(Func<SchedulesContext> open, ILogger<Export> logger)
{
    private static readonly ReadOnlyMemory<byte> LineEnd = "\n"u8.ToArray();

    /// <summary>Writes schedules.</summary>
    /// <param name="ids">Their ids, those of choices for all alternatives too; null for all that are stored.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>How many were written.</returns>
    public async Task<int> WriteAsync(IReadOnlyCollection<string>? ids, Stream output, CancellationToken cancellation)
    {
        var chosen = ids is null ? null : await WithAlternativesAsync(ids, cancellation);
        var count = 0;
        foreach (var isChoice in new[] { false, true })
        {
            await using var context = open();
            var rows = context.Schedules.AsNoTracking().Where(row => (row.Placement == PlacementChoice.Name) == isChoice && row.ObjectiveTicks != null);
            if (chosen is not null) rows = rows.Where(row => chosen.Contains(row.Id));
            await foreach (var row in rows.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).AsAsyncEnumerable().WithCancellation(cancellation))
            {
                await JsonSerializer.SerializeAsync(output, LineOf(row), TransferLine.Options, cancellation);
                await output.WriteAsync(LineEnd, cancellation);
                count++;
            }
        }

        return count;
    }

    private static TransferLine LineOf(ScheduleRow row)
    {
        using var request = JsonDocument.Parse(row.Request);
        var isProblem = row.Order is not null;
        return new TransferLine
        {
            Version = TransferLine.Present,
            Id = row.Id,
            Request = request.RootElement.Clone(),
            Order = row.Order,
            Method = isProblem ? row.Method : null,
            IsOwn = row.IsOwn ? true : null,
            BoundTicks = isProblem ? row.BoundTicks : null,
            BoundName = isProblem ? row.BoundName : null,
            SpentSeconds = row.SpentSeconds,
            SpentWork = row.SpentWork,
            SolveSeconds = row.SolveSeconds,
        };
    }

    private async Task<HashSet<string>> WithAlternativesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var context = open();
        var all = ids.ToHashSet();
        var choices = context.Schedules.AsNoTracking().Where(row => ids.Contains(row.Id) && row.Placement == PlacementChoice.Name);
        foreach (var row in await choices.ToListAsync(cancellation))
        {
            var choice = new StoredChoice(row);
            if (choice.TryRead(choice.Read, logger, out var read)) all.UnionWith(read.Problems.Select(problem => problem.Id));
        }

        return all;
    }
}

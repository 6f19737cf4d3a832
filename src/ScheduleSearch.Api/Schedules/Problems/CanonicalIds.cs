using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>Finds the ids that their first digits stand for, among those of the schedules that the caller may read.</summary>
internal sealed class CanonicalIds(Func<SchedulesContext> open, Askers askers)
{
    /// <summary>Is after every hex digit.</summary>
    private const string AfterDigits = "g";

    /// <summary>The id that a text stands for; the text itself when it is no beginning of one.</summary>
    /// <exception cref="RequestFault">404: no id begins so. 400: several do.</exception>
    public Task<string> OfAsync(HttpContext context, string text) => OfAsync(askers.ReaderOf(context), text, context.RequestAborted);

    /// <summary>As the other, for whoever is no caller.</summary>
    /// <exception cref="RequestFault">404: no id begins so. 400: several do.</exception>
    public async Task<string> OfAsync(ScheduleReader reader, string text, CancellationToken cancellation)
    {
        if (!ScheduleId.IsBeginning(text)) return text;
        var end = text + AfterDigits;
        await using var schedules = open();
        // A range, which the index of ids answers.
        var rows = schedules.Schedules.AsNoTracking().Where(row => string.Compare(row.Id, text) >= 0 && string.Compare(row.Id, end) < 0);
        if (reader.IsConfined) rows = rows.Where(row => schedules.Askers.Any(asker => asker.KeyId == reader.KeyId && asker.ScheduleId == row.Id));
        var ids = await rows.Select(row => row.Id).Take(2).ToListAsync(cancellation);
        if (ids.Count <= 1) return ids.SingleOrDefault() ?? throw RequestFault.NotFound();
        throw RequestFault.BadParameter("id", $"Is the beginning of {await rows.CountAsync(cancellation)} ids: give more of its digits.");
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Access;

/// <summary>
/// Counts the solves of callers with quotas, for all replicas on a database together. A solve is charged with the seconds that it asks for, and counted with
/// those that were searched once its schedule has ended; what has ended is found when the caller asks for the next.
/// </summary>
internal sealed class SolveQuotas(Func<SchedulesContext> open, TimeProvider time)
{
    private const int SecondsForSearches = 5;

    // A charge is made just before its schedule is submitted: what has not changed by then was not submitted.
    private static readonly TimeSpan ForSubmission = TimeSpan.FromMinutes(1);

    /// <summary>Charges a caller with a solve.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="quotas">What the caller may have.</param>
    /// <param name="id">The id of the problem or the choice.</param>
    /// <param name="seconds">The seconds of search that are asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether this is what charged the caller: not when the same was asked for before and has not ended.</returns>
    /// <exception cref="RequestFault">429: a quota is used up.</exception>
    public async Task<bool> ChargeAsync(string caller, Quotas quotas, string id, double seconds, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = open();
        await using var alone = await context.Database.BeginTransactionAsync(cancellation);
        var usage = await HoldAsync(context, caller, DayOf(now), cancellation);
        var standing = await StandingAsync(context, caller, cancellation);
        var (ended, unfinished) = (standing.Where(charge => charge.HasEnded(now)).ToList(), standing.Where(charge => !charge.HasEnded(now)).ToList());
        usage.Seconds += ended.Where(charge => DayOf(charge.Row.ChargedAt) == usage.Day).Sum(charge => charge.Spent);
        context.RemoveRange(ended.Select(charge => charge.Row));
        await context.SaveChangesAsync(cancellation);
        var same = unfinished.Find(charge => charge.Row.ScheduleId == id)?.Row;
        var others = unfinished.Where(charge => charge.Row != same).ToList();
        var fault = RefusalOf(quotas, usage, others, seconds, now);
        if (fault is null && same is not null) same.Seconds = Math.Max(same.Seconds, seconds);
        else if (fault is null) context.Add(await NewAsync(context, caller, id, seconds, now, cancellation));
        await context.SaveChangesAsync(cancellation);
        await alone.CommitAsync(cancellation);
        return fault is null ? same is null : throw fault;
    }

    /// <summary>Takes a charge back that caused no search, unless the caller has asked for more since.</summary>
    public async Task TakeBackAsync(string caller, string id, double seconds, CancellationToken cancellation)
    {
        await using var context = open();
        await context.Charges.Where(charge => charge.Caller == caller && charge.ScheduleId == id && charge.Seconds == seconds).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The caller's row, which nobody else has until the transaction ends.</summary>
    private static async Task<UsageRow> HoldAsync(SchedulesContext context, string caller, string day, CancellationToken cancellation)
    {
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO usage ("Caller", "Day", "Seconds") VALUES ({caller}, {day}, 0)
            ON CONFLICT ("Caller") DO UPDATE SET
                "Seconds" = CASE WHEN usage."Day" = excluded."Day" THEN usage."Seconds" ELSE 0 END, "Day" = excluded."Day"
            """,
            cancellation);
        return await context.Usage.SingleAsync(usage => usage.Caller == caller, cancellation);
    }

    private static Task<List<ChargeStanding>> StandingAsync(SchedulesContext context, string caller, CancellationToken cancellation) =>
    (
        from charge in context.Charges
        where charge.Caller == caller
        join row in context.Schedules on charge.ScheduleId equals row.Id into rows
        from row in rows.DefaultIfEmpty()
        select new ChargeStanding(charge, row == null ? null : row.Status, row == null ? 0 : row.Revision, row == null ? 0 : row.SolveSeconds)
    ).ToListAsync(cancellation);

    private static RequestFault? RefusalOf(Quotas quotas, UsageRow usage, List<ChargeStanding> others, double seconds, DateTime now)
    {
        if (others.Count >= quotas.ConcurrentSolves)
        {
            return new RequestFault(
                StatusCodes.Status429TooManyRequests, $"The quota ConcurrentSolves is used up: {quotas.ConcurrentSolves} solves that have not ended.")
            {
                RetryAfter = SecondsForSearches,
            };
        }

        if (quotas.SolverSecondsPerDay is not { } most || usage.Seconds + others.Sum(charge => charge.Row.Seconds) + seconds <= most) return null;
        var untilTomorrow = (int)Math.Ceiling((now.Date.AddDays(1) - now).TotalSeconds);
        return new RequestFault(
            StatusCodes.Status429TooManyRequests,
            FormattableString.Invariant($"The quota SolverSecondsPerDay leaves too little: {usage.Seconds:0.#} of {most} seconds of search are spent, ")
                + FormattableString.Invariant($"{others.Sum(charge => charge.Row.Seconds):0.#} are promised, and this asks for {seconds:0.#}."))
        {
            // Solves that end sooner than they asked for give back what they did not need.
            RetryAfter = usage.Seconds + seconds <= most ? SecondsForSearches : untilTomorrow,
        };
    }

    private static async Task<ChargeRow> NewAsync(
        SchedulesContext context, string caller, string id, double seconds, DateTime now, CancellationToken cancellation)
    {
        var before = await context.Schedules.Where(row => row.Id == id)
            .Select(row => new { row.Revision, row.SolveSeconds }).SingleOrDefaultAsync(cancellation);
        return new ChargeRow
        {
            Caller = caller,
            ScheduleId = id,
            ChargedAt = now,
            Seconds = seconds,
            SecondsBefore = before?.SolveSeconds ?? 0,
            RevisionBefore = before?.Revision ?? 0,
        };
    }

    private static string DayOf(DateTime now) => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A charge and its schedule as it is now.</summary>
    private sealed record ChargeStanding(ChargeRow Row, string? Status, int Revision, double SolveSeconds)
    {
        /// <summary>Seconds that were searched.</summary>
        public double Spent => Revision == Row.RevisionBefore ? 0 : Math.Clamp(SolveSeconds - Row.SecondsBefore, 0, Row.Seconds);

        public bool HasEnded(DateTime now) =>
            Status is not (ScheduleStatus.Queued or ScheduleStatus.Running) && (Revision != Row.RevisionBefore || now - Row.ChargedAt > ForSubmission);
    }
}

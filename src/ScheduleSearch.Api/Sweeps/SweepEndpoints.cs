using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Batches;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Sweeps;

internal static class SweepEndpoints
{
    private const string Key = "Idempotency-Key", Json = "application/json";

    /// <summary>The media types in which a sweep is answered, by the name of each form.</summary>
    private static readonly OrderedDictionary<string, string> Forms = new()
    {
        ["json"] = Json,
        ["csv"] = SweepCsv.MediaType,
        ["svg"] = SweepChart.MediaType,
    };

    /// <summary>The forms in which a sweep is answered.</summary>
    public static IEnumerable<string> FormNames => Forms.Keys;

    /// <summary>The media types in which a sweep is answered.</summary>
    public static IEnumerable<string> MediaTypes => Forms.Values;

    /// <summary>Requests with members that vary.</summary>
    public static IEndpointRouteBuilder MapSweeps(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sweeps").WithTags("Sweeps").RequireAuthorization(AccessPolicies.Read);
        group.MapPost("", PostAsync).WithName("sendSweep").RequireAuthorization(AccessPolicies.Solve).Accepts<SweepRequest>(Json)
            .WithSummary("Searches the best schedules of one request at many points.")
            .WithDescription("`base` is a body that solve takes, and `axes` has for each member that varies its values; a point is a value of each. "
                + "The points are ordinary searches, which answer under their own ids, and the batch of the same id. One whose request is wrong is a row "
                + "that says so; where none is right, nothing is taken. What is found with less memory is a start where there is more, and what is proved "
                + "with more memory holds for less, so that more memory never looks worse.\n\n"
                + "A sweep that is sent again with the same `Idempotency-Key` is the one that was sent before.")
            .Produces<SweepAnswer>(StatusCodes.Status202Accepted).ProducesFaults(400, 403, 413, 415, 422, 429, 503);
        group.MapGet("/{id}", GetAsync).WithName("getSweep").WithSummary("How far a sweep is, with a row for each point.")
            .WithDescription("By `format` or the header Accept as JSON, as a table (`text/csv`) or as a chart of time against memory (`image/svg+xml`), in "
                + "which the points that no other one beats in one of both are joined: the front.")
            .Produces<SweepAnswer>().ProducesFaults(400, 404, 406, 503);
        group.MapDelete("/{id}", DeleteAsync).WithName("cancelSweep").RequireAuthorization(AccessPolicies.Solve)
            .WithSummary("Stops a sweep: what waits is canceled, and searches that nobody else asked for end with the best so far.")
            .Produces<SweepAnswer>().ProducesFaults(403, 404, 503);
        return routes;
    }

    private static async Task<IResult> PostAsync(
        HttpContext context, [FromHeader(Name = Key)] string? key, SweepReader reader, SweepStore sweeps, BatchStore batches, BatchIntake intake,
        SweepResults results)
    {
        if (key?.Length is 0 or > SweepTable.MostKey) throw RequestFault.BadParameter(Key, $"Must have from 1 to {SweepTable.MostKey} characters.");
        var sent = await reader.ReadAsync(context);
        var sweep = await FindSentAsync(context, key, sent.Digest, sweeps) ?? await AddAsync(context, key, sent, sweeps, intake);
        var batch = (await batches.FindAsync(sweep.Id, context.RequestAborted))!;
        return TypedResults.Accepted($"/sweeps/{sweep.Id}", await AnswerAsync(context, sweep, batch, results));
    }

    private static async Task<SweepRow> AddAsync(HttpContext context, string? key, SweepSubmission sent, SweepStore sweeps, BatchIntake intake)
    {
        SweepRow? added = null;
        try
        {
            await intake.TakeAsync(context, sent.Requests, batch => added = new SweepRow
            {
                Id = batch.Id,
                Plan = sent.Plan.Write(),
                IdempotencyKey = key,
                Caller = Caller.Of(context),
                Digest = sent.Digest,
            });
            return added!;
        }
        catch (DbUpdateException) when (key is not null)
        {
            // Sent twice at the same time: the other one was taken, unless it is the database that failed.
            if (await FindSentAsync(context, key, sent.Digest, sweeps) is { } first) return first;
            throw;
        }
    }

    /// <exception cref="RequestFault">422: another body was sent with the key.</exception>
    private static async Task<SweepRow?> FindSentAsync(HttpContext context, string? key, string digest, SweepStore sweeps)
    {
        if (key is null || await sweeps.FindAsync(Caller.Of(context), key, context.RequestAborted) is not { } sweep) return null;
        return sweep.Digest == digest
            ? sweep
            : throw new RequestFault(StatusCodes.Status422UnprocessableEntity, Key, "Was sent with another body; take a new key for a new sweep.");
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, string id, [FromQuery] string? format, SweepStore sweeps, BatchStore batches, BatchAccess access, SweepResults results)
    {
        var mediaType = format is null ? AcceptedType.Of(context, [.. Forms.Values])
            : Forms.GetValueOrDefault(format) ?? throw RequestFault.BadParameter("format", $"Must be one of {string.Join(", ", Forms.Keys)}.");
        var (sweep, batch) = await FindAsync(context, id, sweeps, batches, access);
        var answer = await AnswerAsync(context, sweep, batch, results);
        if (mediaType != Json)
        {
            var extension = Forms.First(form => form.Value == mediaType).Key;
            context.Response.Headers.ContentDisposition = $"inline; filename=\"sweep-{id[..8]}.{extension}\"";
        }

        return mediaType switch
        {
            SweepCsv.MediaType => TypedResults.Text(SweepCsv.Write(answer), SweepCsv.MediaType),
            SweepChart.MediaType => TypedResults.Text(SweepChart.Write(answer, SweepPlan.Read(sweep.Plan)), SweepChart.MediaType),
            _ => TypedResults.Ok(answer),
        };
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, string id, SweepStore sweeps, BatchStore batches, BatchAccess access, BatchCancellation cancellation, SweepResults results)
    {
        var (_, batch) = await FindAsync(context, id, sweeps, batches, access);
        access.CheckOwner(context, batch);
        await cancellation.CancelAsync(batch.Id, context.RequestAborted);
        access.TellCanceled(context, batch);
        var (sweep, left) = await FindAsync(context, id, sweeps, batches, access);
        return TypedResults.Ok(await AnswerAsync(context, sweep, left, results));
    }

    private static async Task<(SweepRow Sweep, BatchRow Batch)> FindAsync(
        HttpContext context, string id, SweepStore sweeps, BatchStore batches, BatchAccess access) =>
        Guid.TryParseExact(id, "D", out var known)
            && await sweeps.FindAsync(known, context.RequestAborted) is { } sweep
            && await batches.FindAsync(known, context.RequestAborted) is { } batch
            && access.CanRead(context, batch)
            ? (sweep, batch)
            : throw new RequestFault(StatusCodes.Status404NotFound, "There is no sweep of this id.");

    private static async Task<SweepAnswer> AnswerAsync(HttpContext context, SweepRow sweep, BatchRow batch, SweepResults results)
    {
        var answer = await results.ReadAsync(sweep, batch, context.RequestAborted);
        if (answer.Status == BatchStatus.Running) context.Response.Headers.RetryAfter = "1";
        return answer;
    }
}

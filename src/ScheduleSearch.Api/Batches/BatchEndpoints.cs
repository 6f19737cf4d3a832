using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

internal static class BatchEndpoints
{
    /// <summary>Many requests at once.</summary>
    public static IEndpointRouteBuilder MapBatches(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/batches").WithTags("Batches").RequireAuthorization(AccessPolicies.Read);
        group.MapPost("", PostAsync).WithName("sendBatch").RequireAuthorization(AccessPolicies.Solve).Accepts<BatchRequest>("application/json")
            .WithSummary("Searches the best schedules of many profiles.")
            .WithDescription("A list of bodies that solve takes, or an object with such a list in `requests`. When one is wrong, nothing is taken, and every "
                + "wrong member is named with the place of its request. The requests are submitted little by little, as searches end, so that others "
                + "who wait are not delayed.")
            .Produces<BatchAnswer>(StatusCodes.Status202Accepted).ProducesFaults(400, 403, 413, 415, 422, 429, 503);
        group.MapGet("/{id}", GetAsync).WithName("getBatch").WithSummary("How far a batch is.").Produces<BatchAnswer>().ProducesFaults(404, 503);
        group.MapGet("/{id}/results", GetResultsAsync).WithName("getBatchResults")
            .WithSummary("The results of a batch as JSON lines, one for each request in order, whether it is done or not.")
            .WithDescription("Each line is what `GET /schedules/{id}` answers, with the `index` of the request; `devices` are left out unless `devices=true`.")
            .Produces<BatchResult>(StatusCodes.Status200OK, BatchResults.MediaType).ProducesFaults(400, 404, 503);
        group.MapDelete("/{id}", DeleteAsync).WithName("cancelBatch").RequireAuthorization(AccessPolicies.Solve)
            .WithSummary("Stops a batch: what waits is canceled, and searches that nobody else asked for end with the best so far.")
            .Produces<BatchAnswer>().ProducesFaults(403, 404, 503);
        return routes;
    }

    private static async Task<IResult> PostAsync(HttpContext context, RequestReader reader, BatchStore batches, BatchIntake intake)
    {
        var batch = await intake.TakeAsync(context, await reader.ReadBatchAsync(context));
        return TypedResults.Accepted($"/batches/{batch.Id}", await AnswerAsync(batch, batches, context));
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, BatchStore batches, BatchAccess access) =>
        TypedResults.Ok(await AnswerAsync(await FindAsync(id, batches, access, context), batches, context));

    private static async Task<IResult> GetResultsAsync(
        HttpContext context, string id, [FromQuery] string? devices, BatchStore batches, BatchAccess access, TrustedSchedules schedules)
    {
        var withDevices = devices switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw RequestFault.BadParameter("devices", "Must be true or false, or left out for false."),
        };
        var batch = await FindAsync(id, batches, access, context);
        return new BatchResults(await batches.ItemsAsync(batch.Id, context.RequestAborted), schedules, withDevices);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, string id, BatchStore batches, BatchAccess access, BatchCancellation cancellation)
    {
        var batch = await FindAsync(id, batches, access, context);
        access.CheckOwner(context, batch);
        await cancellation.CancelAsync(batch.Id, context.RequestAborted);
        access.TellCanceled(context, batch);
        return TypedResults.Ok(await AnswerAsync(await FindAsync(id, batches, access, context), batches, context));
    }

    private static async Task<BatchRow> FindAsync(string id, BatchStore batches, BatchAccess access, HttpContext context) =>
        Guid.TryParseExact(id, "D", out var known) && await batches.FindAsync(known, context.RequestAborted) is { } batch && access.CanRead(context, batch)
            ? batch
            : throw new RequestFault(StatusCodes.Status404NotFound, "There is no batch of this id.");

    private static async Task<BatchAnswer> AnswerAsync(BatchRow batch, BatchStore batches, HttpContext context)
    {
        var counts = await batches.CountsAsync(batch.Id, context.RequestAborted);
        var done = batch.Count - BatchStatus.NotDone.Sum(state => counts.GetValueOrDefault(state));
        var status = batch.IsCanceled ? BatchStatus.Canceled : done == batch.Count ? BatchStatus.Done : BatchStatus.Running;
        if (done < batch.Count) context.Response.Headers.RetryAfter = "1";
        return new BatchAnswer(batch.Id.ToString(), status, batch.Count, done, counts, batch.CreatedAt, $"/batches/{batch.Id}/results");
    }
}

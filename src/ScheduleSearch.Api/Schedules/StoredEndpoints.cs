using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions.Formats;

namespace ScheduleSearch.Api.Schedules;

internal static class StoredEndpoints
{
    /// <summary>What is known of a stored schedule beside its operations.</summary>
    public static IEndpointRouteBuilder MapStored(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules/{id}").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read).WithScheduleIds();
        group.MapGet("/figures", GetFiguresAsync).WithName("getFigures")
            .WithSummary("What `GET /schedules/{id}` answers, without the operations of devices.")
            .WithDescription("As short for the largest schedule as for the smallest: for whoever polls a search or lists its figures.")
            .Produces<ScheduleAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(404, 503);
        group.MapGet("/request", GetRequestAsync).WithName("getRequest")
            .WithSummary("What was submitted: a body that solve takes, without a name.")
            .Produces<JsonNode>().ProducesFaults(404, 503);
        group.MapGet("/families", GetFamiliesAsync).WithName("getScheduleFamilies")
            .WithSummary("The schedule families of a stored problem's placement beside its schedule: what compare answers, without a search.")
            .WithDescription("Where the schedule is a family's that was asked for by its name, there is no searched one beside them.")
            .Produces<Comparison>().ProducesFaults(404, 409, 503);
        group.MapGet("/formats", GetFormatsAsync).WithName("getScheduleFormats")
            .WithSummary("The formats of instruction streams, and why some of them cannot carry this schedule.")
            .Produces<IEnumerable<FormatAnswer>>().ProducesFaults(404, 409, 503);
        group.MapGet("/critical-path", GetCriticalPathAsync).WithName("getCriticalPath")
            .WithSummary("The operations that a schedule's length follows from, and where their time goes.")
            .WithDescription("Each starts as soon as the one before it, and its message, let it. To make the schedule shorter, one of them has to take less "
                + "time, or the order has to change. `revision` is that of an answer.")
            .Produces<CriticalPathAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 410, 503);
        return routes;
    }

    private static async Task<IResult> GetFiguresAsync(HttpContext context, string id, CallersSchedules schedules)
    {
        var stored = await schedules.FindAsync(context, id);
        var view = await schedules.FiguresAsync(context, stored);
        await schedules.KeepAsync(context, view);
        if (Revision.IsKnown(context, view.Version, immutable: false)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (stored.IsUnfinished) context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached: true);
    }

    private static async Task<IResult> GetRequestAsync(HttpContext context, string id, CallersSchedules schedules)
    {
        var stored = await schedules.FindAsync(context, id);
        var request = JsonNode.Parse(stored.Request)!;
        // A name belongs to the request that gave it.
        request["profile"]!.AsObject().Remove("name");
        return TypedResults.Ok(request);
    }

    private static async Task<IResult> GetFamiliesAsync(HttpContext context, string id, CallersSchedules schedules, ScheduleCache cache)
    {
        var stored = await schedules.FindScheduleAsync(context, id);
        if (stored is not StoredProblem row) throw RequestFault.NoScheduleYet(stored);
        var asked = row.Read();
        var families = await cache.FamiliesOfAsync(stored, asked.Problem, context.RequestAborted);
        var comparison = Comparison.Of(asked.Problem, families, stored, await cache.MetricsOfAsync(stored, context.RequestAborted));
        // A family that was asked for by its name has a row already, and was not searched.
        return TypedResults.Ok(asked.Family is null ? comparison : comparison with { Rows = families });
    }

    private static async Task<IResult> GetCriticalPathAsync(
        HttpContext context, string id, [FromQuery] string? revision, CallersSchedules schedules, ScheduleCache cache)
    {
        var stored = await schedules.FindScheduleAsync(context, id, InstructionEndpoints.Named(revision));
        if (stored.Result.Order is null) throw RequestFault.NoScheduleYet(stored);
        context.Response.Headers[AnswerHeaders.Revision] = stored.Revision;
        if (Revision.IsKnown(context, stored.Version, revision is not null, "critical path")) return Results.StatusCode(StatusCodes.Status304NotModified);
        return new InstructionDocument(
            "application/json", $"{id[..12]}-critical-path.json", await cache.CriticalPathOfAsync(stored, context.RequestAborted));
    }

    private static async Task<IResult> GetFormatsAsync(HttpContext context, string id, CallersSchedules schedules, ScheduleCache cache)
    {
        var stored = await schedules.FindScheduleAsync(context, id);
        if (stored.Result.Order is null) throw RequestFault.NoScheduleYet(stored);
        var answers = new List<FormatAnswer>();
        foreach (var format in InstructionFormatCatalogue.All)
            answers.Add(FormatAnswer.Of(format, await cache.RefusalOfAsync(stored, format, context.RequestAborted)));
        return TypedResults.Ok(answers);
    }
}

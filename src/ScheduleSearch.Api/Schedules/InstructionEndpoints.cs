using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Diagnostics;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions;

namespace ScheduleSearch.Api.Schedules;

internal static class InstructionEndpoints
{
    private const string Default = "native";
    private const string Picture = "svg";

    /// <summary>The forms in which schedules leave the service.</summary>
    public static IEndpointRouteBuilder MapInstructions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules/{id}").WithTags("Schedules");
        group.MapGet("/instructions", GetInstructionsAsync)
            .WithSummary("The instruction stream of a schedule in a runtime's format.")
            .WithDescription($"`format` is one of these, `{Default}` when it is left out; `rank` leaves out the streams of all other devices.\n\n"
                + string.Join('\n', InstructionFormatCatalogue.All.Select(format => $"* `{format.Name}`: {format.Description}")))
            .Produces<string>(StatusCodes.Status200OK, "text/plain").Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 422, 503);
        group.MapGet("/timeline.svg", (HttpContext context, string id, Solving solving, ScheduleCache cache) =>
                AnswerAsync(context, id, Format(Picture), null, solving, cache))
            .WithSummary("A picture of a schedule.")
            .Produces<string>(StatusCodes.Status200OK, "image/svg+xml").Produces(StatusCodes.Status304NotModified).ProducesFaults(404, 409, 503);
        return routes;
    }

    private static Task<IResult> GetInstructionsAsync(
        HttpContext context, string id, [FromQuery] string? format, [FromQuery] string? rank, Solving solving, ScheduleCache cache) =>
        AnswerAsync(context, id, Format(format), rank, solving, cache);

    private static async Task<IResult> AnswerAsync(
        HttpContext context, string id, IInstructionFormat format, string? rank, Solving solving, ScheduleCache cache)
    {
        var row = await solving.FindAsync(id, context.RequestAborted);
        var device = Rank(rank, row.Devices);
        if (cache.SolutionOf(row) is not { } solution)
            throw new RequestFault(StatusCodes.Status409Conflict, $"There is no schedule yet; the search is {row.Status}.") { RetryAfter = row.IsUnfinished ? 1 : null };
        if (format.WhyNot(solution.Timeline) is { } why) throw new RequestFault(StatusCodes.Status422UnprocessableEntity, "format", why);
        if (Revision.IsKnown(context, row, immutable: row.Status == ScheduleStatus.Optimal)) return Results.StatusCode(StatusCodes.Status304NotModified);
        return new InstructionDocument(format, $"{id[..12]}{(device is null ? "" : $"-rank{device}")}.{format.FileExtension}", cache.InstructionsOf(row, format, device));
    }

    private static IInstructionFormat Format(string? name) =>
        InstructionFormatCatalogue.Find(name ?? Default)
        ?? throw RequestFault.BadParameter("format", $"Use one of {string.Join(", ", InstructionFormatCatalogue.All.Select(format => format.Name))}.");

    private static int? Rank(string? text, int devices)
    {
        if (text is null) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank < devices
            ? rank
            : throw RequestFault.BadParameter("rank", $"Must be a device of this schedule, from 0 to {devices - 1}, or left out for all.");
    }

    private sealed class InstructionDocument(IInstructionFormat format, string file, Segments bytes) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = format.MediaType;
            httpContext.Response.Headers.ContentDisposition = $"inline; filename=\"{file}\"";
            return bytes.CopyToAsync(httpContext.Response.BodyWriter, skip: 0, httpContext.RequestAborted);
        }
    }
}

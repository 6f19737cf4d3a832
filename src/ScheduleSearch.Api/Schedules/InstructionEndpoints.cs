using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules;

internal static class InstructionEndpoints
{
    /// <summary>The format of a request that names none.</summary>
    public const string Default = "native";

    /// <summary>The forms in which schedules leave the service.</summary>
    public static IEndpointRouteBuilder MapInstructions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules/{id}").WithTags("Schedules");
        group.MapGet("/instructions", GetInstructionsAsync)
            .WithSummary("The instruction stream of a schedule in a runtime's format.")
            .WithDescription($"`format` is one of these, `{Default}` when it is left out; `rank` leaves out the streams of all other devices; `version` is "
                + "the runtime's, where its releases read different streams. A format that cannot carry the schedule answers 422 and says which member of the "
                + "request to change.\n\n"
                + string.Join('\n', InstructionFormatCatalogue.All.Select(format => $"* `{format.Name}`: {format.Description}")))
            .Produces<string>(StatusCodes.Status200OK, "application/json", "text/csv", "image/svg+xml")
            .Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 422, 503);
        group.MapGet("/runtime", GetRuntimeAsync)
            .WithSummary("What goes with a schedule's instruction stream: the rank of each stage and the runtime's settings.")
            .WithDescription("The same `format` and `version` as the stream. JSON streams begin with these members; a CSV names this document in its header Link.")
            .Produces<RuntimeAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 422, 503);
        MapPicture("timeline.svg", "svg", "A picture of a schedule.", "image/svg+xml");
        MapPicture("trace.json", "chrome-trace", "A trace of a schedule, to open in ui.perfetto.dev or chrome://tracing.", "application/json");
        return routes;

        void MapPicture(string path, string format, string summary, string mediaType) => group
            .MapGet($"/{path}", (HttpContext context, string id, Solving solving, ScheduleCache cache) => GetInstructionsAsync(context, id, format, null, null, solving, cache))
            .WithSummary(summary).Produces<string>(StatusCodes.Status200OK, mediaType).Produces(StatusCodes.Status304NotModified).ProducesFaults(404, 409, 503);
    }

    private static async Task<IResult> GetInstructionsAsync(
        HttpContext context, string id, [FromQuery] string? format, [FromQuery] string? rank, [FromQuery] string? version, Solving solving, ScheduleCache cache)
    {
        var chosen = Format(format, version);
        var (row, isFinal) = await solving.FindScheduleAsync(id, context.RequestAborted);
        var device = Rank(rank, row.Devices);
        _ = Carried(row, chosen, cache);
        if (Revision.IsKnown(context, row.Version, isFinal)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (chosen.MediaType == "text/csv") context.Response.Headers.Link = $"</schedules/{id}/runtime?format={chosen.Name}{(chosen.Version is { } known ? $"&version={known}" : "")}>; rel=\"describedby\"";
        return new InstructionDocument(chosen.MediaType, $"{id[..12]}{(device is null ? "" : $"-rank{device}")}.{chosen.FileExtension}", cache.InstructionsOf(row, chosen, device));
    }

    private static async Task<IResult> GetRuntimeAsync(
        HttpContext context, string id, [FromQuery] string? format, [FromQuery] string? version, Solving solving, ScheduleCache cache)
    {
        var chosen = Format(format, version);
        var (row, isFinal) = await solving.FindScheduleAsync(id, context.RequestAborted);
        var solution = Carried(row, chosen, cache);
        if (Revision.IsKnown(context, row.Version, isFinal)) return Results.StatusCode(StatusCodes.Status304NotModified);
        var bytes = new Segments();
        StreamHead.Write(solution.Timeline, chosen, bytes);
        return new InstructionDocument("application/json", $"{id[..12]}-runtime.json", bytes);
    }

    /// <summary>The row's schedule, which the format carries.</summary>
    private static Solution Carried(ScheduleRow row, IInstructionFormat format, ScheduleCache cache)
    {
        if (cache.SolutionOf(row) is not { } solution)
            throw new RequestFault(StatusCodes.Status409Conflict, $"There is no schedule yet; the search is {row.Status}.") { RetryAfter = row.IsUnfinished ? 1 : null };
        if (cache.RefusalOf(row, format) is { } refusal)
            throw new RequestFault(StatusCodes.Status422UnprocessableEntity, refusal.Member, $"{refusal.Reason} {refusal.Fix}");
        return solution;
    }

    private static IInstructionFormat Format(string? name, string? version)
    {
        var format = InstructionFormatCatalogue.Find(name ?? Default)
            ?? throw RequestFault.BadParameter("format", $"Use one of {string.Join(", ", InstructionFormatCatalogue.All.Select(format => format.Name))}.");
        if (version is null) return format;
        if (format.Versions.Count == 0) throw RequestFault.BadParameter("version", $"Leave it out: the format {format.Name} is the same for all versions.");
        return format.Versions.Contains(version)
            ? format.ForVersion(version)
            : throw RequestFault.BadParameter("version", $"Use one of {string.Join(", ", format.Versions)}.");
    }

    private static int? Rank(string? text, int devices)
    {
        if (text is null) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank < devices
            ? rank
            : throw RequestFault.BadParameter("rank", $"Must be a device of this schedule, from 0 to {devices - 1}, or left out for all.");
    }
}

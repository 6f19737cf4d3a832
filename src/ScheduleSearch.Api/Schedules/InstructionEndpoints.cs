using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules;

internal static class InstructionEndpoints
{
    /// <summary>The format of a request that names none.</summary>
    public const string Default = "native";

    /// <summary>The forms in which schedules leave the service.</summary>
    public static IEndpointRouteBuilder MapInstructions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules/{id}").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read).WithScheduleIds();
        group
            .MapGet(
                "/instructions",
                (HttpContext context, string id, [FromQuery] string? format, [FromQuery] string? rank, [FromQuery] string? version,
                    [FromQuery] string? revision, CallersSchedules schedules, ScheduleCache cache) =>
                    AnswerAsync(context, id, Stream(format, version) with { Rank = rank, Revision = revision }, schedules, cache))
            .WithName("getInstructions")
            .WithSummary("The instruction stream of a schedule in a runtime's format.")
            .WithDescription($"`format` is one of these, `{Default}` when it is left out; `rank` leaves out the streams of all other devices; `version` is "
                + "the runtime's, where its releases read different streams; `revision` is that of an answer, or of the header "
                + $"{AnswerHeaders.Revision} of a stream: the schedule of that name, even where a better one has replaced it since, so that ranks which "
                + "fetch one by one run one schedule (410 when it is not kept any longer). A format that cannot carry the schedule answers 422 and says "
                + "which member of the request to change.\n\n"
                + string.Join('\n', InstructionFormatCatalogue.All.Select(format => $"* `{format.Name}`: {format.Description}")))
            .Produces<string>(StatusCodes.Status200OK, "application/json", "text/csv", "image/svg+xml")
            .Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 410, 422, 503);
        group.MapGet("/runtime", GetRuntimeAsync).WithName("getRuntime")
            .WithSummary("What goes with a schedule's instruction stream: the rank of each stage and the runtime's settings.")
            .WithDescription("The same `format` and `version` as the stream. JSON streams begin with these members; a CSV names this document in its "
                + "header Link.")
            .Produces<RuntimeAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 410, 422, 503);
        group
            .MapGet(
                "/timeline.json",
                (HttpContext context, string id, [FromQuery] string? revision, CallersSchedules schedules, ScheduleCache cache) =>
                    AnswerAsync(context, id, Stream("timeline") with { Revision = revision }, schedules, cache))
            .WithName("getTimelineColumns").WithSummary("A schedule by columns, for programs that draw or examine it.")
            .Produces<string>(StatusCodes.Status200OK, "application/json").Produces(StatusCodes.Status304NotModified)
            .ProducesFaults(400, 404, 409, 410, 503);
        group
            .MapGet(
                "/trace.json",
                (HttpContext context, string id, [FromQuery] string? revision, CallersSchedules schedules, ScheduleCache cache) =>
                    AnswerAsync(context, id, Stream("chrome-trace") with { Revision = revision }, schedules, cache))
            .WithName("getTrace").WithSummary("A trace of a schedule, to open in ui.perfetto.dev or chrome://tracing.")
            .Produces<string>(StatusCodes.Status200OK, "application/json").Produces(StatusCodes.Status304NotModified)
            .ProducesFaults(400, 404, 409, 410, 503);
        return routes;
    }

    /// <summary>The stream of a format and of a version of its runtime, whole and of the present schedule.</summary>
    /// <exception cref="RequestFault">400: there is no such format, or no such version of it.</exception>
    public static AskedStream Stream(string? format, string? version = null) => new(Format(format, version));

    /// <summary>The stream that a request for something else asks for in its place; null when it names neither format nor version.</summary>
    /// <exception cref="RequestFault">400: there is no such format, or no such version of it.</exception>
    public static AskedStream? StreamInPlace(string? format, string? version) => format is null && version is null ? null : Stream(format, version);

    /// <summary>Answers with a stream of a schedule, which there must be.</summary>
    /// <exception cref="RequestFault">404, 409, 410, 422: there is no such schedule, none yet, or none that the format carries.</exception>
    public static async Task<IResult> AnswerAsync(HttpContext context, string id, AskedStream asked, CallersSchedules schedules, ScheduleCache cache)
    {
        var chosen = asked.Format;
        var stored = await schedules.FindScheduleAsync(context, id, Named(asked.Revision));
        context.Response.Headers[AnswerHeaders.Revision] = stored.Revision;
        var device = Rank(asked.Rank, stored.Devices);
        await CheckCarriedAsync(stored, chosen, cache, context.RequestAborted);
        context.Response.Headers.ContentLocation = ScheduleLinks.OfStream(context.Request, id, asked, stored.Revision!);
        // A key may call it otherwise tomorrow.
        var isOwnName = chosen.ShowsName && asked.Name is null && context.User.Identity is { IsAuthenticated: true };
        var name = chosen.ShowsName ? asked.Name ?? await schedules.NameAsync(context, id) : null;
        // Of what no revision names, the next answer may be of another.
        var isKnown = Revision.IsKnown(context, stored.Version, asked.Revision is not null && !isOwnName, $"{chosen.Name} {name}");
        if (isKnown) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (chosen.MediaType == "text/csv")
        {
            var release = chosen.Version is { } known ? $"&version={known}" : "";
            context.Response.Headers.Append(
                HeaderNames.Link, $"</schedules/{id}/runtime?format={chosen.Name}{release}&revision={stored.Revision}>; rel=\"describedby\"");
        }

        var file = $"{id[..12]}{(device is null ? "" : $"-rank{device}")}.{chosen.FileExtension}";
        return new InstructionDocument(chosen.MediaType, file, await cache.InstructionsOfAsync(stored, chosen, device, name, context.RequestAborted));
    }

    private static async Task<IResult> GetRuntimeAsync(
        HttpContext context, string id, [FromQuery] string? format, [FromQuery] string? version, [FromQuery] string? revision, CallersSchedules schedules,
        ScheduleCache cache)
    {
        var chosen = Format(format, version);
        var stored = await schedules.FindScheduleAsync(context, id, Named(revision));
        context.Response.Headers[AnswerHeaders.Revision] = stored.Revision;
        await CheckCarriedAsync(stored, chosen, cache, context.RequestAborted);
        context.Response.Headers.ContentLocation = ScheduleLinks.OfStream(context.Request, id, new AskedStream(chosen), stored.Revision!);
        if (Revision.IsKnown(context, stored.Version, revision is not null, chosen.Name)) return Results.StatusCode(StatusCodes.Status304NotModified);
        return new InstructionDocument("application/json", $"{id[..12]}-runtime.json", await cache.HeadOfAsync(stored, chosen, context.RequestAborted));
    }

    /// <summary>Makes sure that there is a schedule, and that the format carries it.</summary>
    /// <exception cref="RequestFault">409: there is none yet. 422: the format does not carry it.</exception>
    public static async Task CheckCarriedAsync(StoredSchedule stored, IInstructionFormat format, ScheduleCache cache, CancellationToken cancellation)
    {
        if (stored.Result.Order is null) throw RequestFault.NoScheduleYet(stored);
        if (await cache.RefusalOfAsync(stored, format, cancellation) is { } refusal) throw NotCarried(refusal);
    }

    /// <summary>422: a format does not carry a schedule.</summary>
    public static RequestFault NotCarried(FormatRefusal refusal) =>
        new(StatusCodes.Status422UnprocessableEntity, refusal.Member, $"{refusal.Reason} {refusal.Fix}");

    private static IInstructionFormat Format(string? name, string? version)
    {
        var names = InstructionFormatCatalogue.All.Select(format => format.Name);
        var format = InstructionFormatCatalogue.Find(name ?? Default)
            ?? throw RequestFault.BadParameter("format", $"Use one of {string.Join(", ", names)}.{Spelling.DidYouMean(name!, names)}");
        if (version is null) return format;
        if (format.Versions.Count == 0) throw RequestFault.BadParameter("version", $"Leave it out: the format {format.Name} is the same for all versions.");
        return format.Versions.Contains(version)
            ? format.ForVersion(version)
            : throw RequestFault.BadParameter("version", $"Use one of {string.Join(", ", format.Versions)}.");
    }

    /// <summary>The revision that a parameter names; null for the present one.</summary>
    /// <exception cref="RequestFault">400: it is none.</exception>
    public static string? Named(string? revision) => revision is null || ScheduleRevision.IsOne(revision)
        ? revision
        : throw RequestFault.BadParameter("revision", $"Must be the {ScheduleRevision.Length} hex digits of an answer, or left out for the present one.");

    private static int? Rank(string? text, int devices)
    {
        if (text is null) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank < devices
            ? rank
            : throw RequestFault.BadParameter("rank", $"Must be a device of this schedule, from 0 to {devices - 1}, or left out for all.");
    }
}

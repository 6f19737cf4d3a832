using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;

namespace ScheduleSearch.Api.Schedules;

internal static class PictureEndpoints
{
    private static readonly IInstructionFormat Svg = InstructionFormatCatalogue.Find("svg")!;

    /// <summary>Schedules to look at.</summary>
    public static IEndpointRouteBuilder MapPictures(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schedules/{id}/timeline.svg", GetPictureAsync).WithName("getTimeline").WithTags("Schedules")
            .RequireAuthorization(AccessPolicies.Read).WithScheduleIds()
            .WithSummary("A picture of a schedule, or of a part of it.")
            .WithDescription("A row for each rank, a box for each operation; point at one for its times. The head says what the schedule costs and how good "
                + "it is. What is narrower than a pixel, or than the room that each of very many operations would have, shares a box with its neighbours: "
                + "`from`, `to` and `ranks` show it.")
            .Produces<string>(StatusCodes.Status200OK, Svg.MediaType).Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 409, 410, 422, 503);
        return routes;
    }

    // Who asks for a schedule as a picture has the same: a comment for the compiler would become the document's summary.
    internal static async Task<IResult> GetPictureAsync(
        HttpContext context, string id, [AsParameters] PictureQuery query, CallersSchedules schedules, ScheduleCache cache)
    {
        var stored = await schedules.FindScheduleAsync(context, id, InstructionEndpoints.Named(query.Revision));
        await InstructionEndpoints.CheckCarriedAsync(stored, Svg, cache, context.RequestAborted);
        context.Response.Headers[AnswerHeaders.Revision] = stored.Revision;
        context.Response.Headers.ContentLocation =
            ScheduleLinks.OfStream(context.Request, id, new AskedStream(Svg) { Name = query.Name }, stored.Revision!);
        var solution = (await cache.SolutionOfAsync(stored, context.RequestAborted))!;
        var standing = await schedules.FiguresAsync(context, await schedules.FindAsync(context, id));
        var picture = new Picture(query.ViewOf(solution.Timeline), Picture.FiguresOf(solution, standing), query.Name ?? await schedules.NameAsync(context, id));
        // A key may call it otherwise tomorrow; and of a schedule that is not optimal more may be proved.
        var isOwnName = query.Name is null && context.User.Identity is { IsAuthenticated: true };
        var isImmutable = query.Revision is not null && !isOwnName && picture.Figures.Status == ScheduleStatus.Optimal;
        return Revision.IsKnown(context, stored.Version, isImmutable, picture.Key)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : new InstructionDocument(Svg.MediaType, $"{id[..12]}.{Svg.FileExtension}", await cache.PictureOfAsync(stored, picture, context.RequestAborted));
    }
}

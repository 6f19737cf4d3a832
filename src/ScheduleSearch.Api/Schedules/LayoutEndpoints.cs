using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Layers.Layouts;

namespace ScheduleSearch.Api.Schedules;

internal static class LayoutEndpoints
{
    /// <summary>The split of a stored schedule whose profile is of layers.</summary>
    public static IEndpointRouteBuilder MapLayouts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules/{id}").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read).WithScheduleIds();
        group.MapGet("/layout", GetAsync).WithName("getLayout")
            .WithSummary("The layers of each stage, as a runtime is told them.")
            .WithDescription("Of a profile of layers, by the id that solve answers: the split of the schedule that leads. `format` is `counts` (the default), "
                + "`megatron`, `torchtitan` or `nemo`; a layout that a runtime has no settings for is 422, with the reason.")
            .Produces<LayoutAnswer>().ProducesFaults(400, 404, 409, 422, 503);
        return routes;
    }

    private static async Task<Ok<LayoutAnswer>> GetAsync(
        HttpContext context, string id, [FromQuery] string? format, CallersSchedules schedules, ScheduleStore store, ScheduleCache cache)
    {
        var asked = LayoutCatalogue.Find(format ?? LayoutCatalogue.All[0].Name)
            ?? throw RequestFault.BadParameter("format", $"Is none of {string.Join(", ", LayoutCatalogue.All.Select(known => known.Name))}.");
        var stored = await schedules.FindAsync(context, id);
        var bounded = stored is StoredChoice choice ? await cache.ChoiceOfAsync(choice, context.RequestAborted) : null;
        if (bounded?.Choice.Profile.Layers is not { } layers)
        {
            throw new RequestFault(
                StatusCodes.Status422UnprocessableEntity, "id",
                "Is of a profile of stages, whose layers are not known: give profile.layers, and ask by the id that is answered then.");
        }

        var standing = await ChoiceStanding.ReadAsync(store, bounded!, context.RequestAborted);
        if (standing.Leader is not { Problem: { } problem } leader) throw RequestFault.NoScheduleYet(stored);
        var layout = new StageLayout(layers, problem.Profile.Pipeline, LayersFeature.SplitOf(leader.Alternative));
        if (asked.WhyNot(layout) is { } reason) throw new RequestFault(StatusCodes.Status422UnprocessableEntity, "format", $"{asked.Name}: {reason}");
        return TypedResults.Ok(LayoutAnswer.Of(problem.Id, layout, asked));
    }
}

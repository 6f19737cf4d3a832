using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Families;

namespace ScheduleSearch.Api.Schedules;

internal static class CatalogueEndpoints
{
    /// <summary>What the service knows and takes.</summary>
    public static IEndpointRouteBuilder MapCatalogues(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Catalogues").RequireAuthorization(AccessPolicies.Read);
        group.MapGet("/families", () => FamilyCatalogue.All.Select(family => new FamilyAnswer(
                family.Name, family.Placement, family.Conditions, family.Source, family.Description, family.SplitsBackward, family.Parameter)))
            .WithName("getFamilies").WithSummary("The published schedule families that are compared and searched from.").Produces<IEnumerable<FamilyAnswer>>();
        group.MapGet("/examples", () => Examples.All)
            .WithName("getExamples").WithSummary("Requests to start from, each a body that solve takes.").Produces<IReadOnlyList<Example>>();
        group.MapGet("/limits", (IOptions<LimitSettings> limits) => limits.Value)
            .WithName("getLimits").WithSummary("What the server takes at most.").Produces<LimitSettings>();
        return routes;
    }
}

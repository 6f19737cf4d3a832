using Microsoft.Extensions.Options;
using ScheduleSearch.Core.Families;

namespace ScheduleSearch.Api.Schedules;

/// <summary>A schedule family.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Placement">The placement that it is defined on.</param>
/// <param name="Conditions">What a profile must meet; empty when every profile of the placement does.</param>
/// <param name="Source">The paper or repository that defines it.</param>
/// <param name="Description">What it does and what it costs.</param>
/// <param name="SplitsBackward">Whether its backwards are split in input and weight gradient.</param>
/// <param name="Parameter">What a request may put behind the name, as in <c>gis-6</c>; absent when nothing.</param>
internal sealed record FamilyAnswer(string Name, string Placement, string Conditions, string Source, string Description, bool SplitsBackward, FamilyParameter? Parameter);

internal static class CatalogueEndpoints
{
    /// <summary>What the service knows and takes.</summary>
    public static IEndpointRouteBuilder MapCatalogues(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Catalogues");
        group.MapGet("/families", () => FamilyCatalogue.All.Select(family => new FamilyAnswer(
                family.Name, family.Placement, family.Conditions, family.Source, family.Description, family.SplitsBackward, family.Parameter)))
            .WithSummary("The published schedule families that are compared and searched from.").Produces<IEnumerable<FamilyAnswer>>();
        group.MapGet("/examples", () => Examples.All)
            .WithSummary("Requests to start from, each a body that solve takes.").Produces<IReadOnlyList<Example>>();
        group.MapGet("/limits", (IOptions<LimitSettings> limits) => limits.Value)
            .WithSummary("What the server takes at most.").Produces<LimitSettings>();
        return routes;
    }
}

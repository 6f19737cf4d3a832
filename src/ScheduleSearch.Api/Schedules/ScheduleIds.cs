using Microsoft.AspNetCore.Routing.Patterns;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Schedules;

/// <summary>What holds for every endpoint with the id of a schedule in its path.</summary>
internal static class ScheduleIds
{
    private const string Parameter = "id";

    /// <summary>The first digits of an id do in its place, and words that are no ids are left to the paths that have them.</summary>
    public static T WithScheduleIds<T>(this T builder)
        where T : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            if (endpoint is not RouteEndpointBuilder route || route.RoutePattern.GetParameter(Parameter) is null) return;
            var constraints = new RouteValueDictionary { [Parameter] = new ScheduleIdConstraint() };
            route.RoutePattern = RoutePatternFactory.Parse(route.RoutePattern.RawText!, defaults: null, constraints);
        });
        return builder.AddEndpointFilterFactory((handler, next) =>
        {
            var place = Array.FindIndex(handler.MethodInfo.GetParameters(), parameter => parameter.Name == Parameter);
            return place < 0 ? next : async invocation =>
            {
                await ExpandAsync(invocation, place);
                return await next(invocation);
            };
        });
    }

    private static async Task ExpandAsync(EndpointFilterInvocationContext invocation, int place)
    {
        var (context, given) = (invocation.HttpContext, invocation.GetArgument<string>(place));
        var id = await context.RequestServices.GetRequiredService<CanonicalIds>().OfAsync(context, given);
        if (id == given) return;
        invocation.Arguments[place] = id;
        context.Response.Headers.ContentLocation = ScheduleLinks.Here(context.Request, id);
    }
}

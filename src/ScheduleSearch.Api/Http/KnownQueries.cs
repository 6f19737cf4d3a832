using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Http;

/// <summary>
/// Refuses parameters of the query that an endpoint does not have: one that is ignored because its name is misspelt would have something else answered
/// than was asked.
/// </summary>
internal static class KnownQueries
{
    /// <summary>Checks the query of every endpoint by the parameters that its handler takes from it.</summary>
    /// <exception cref="InvalidProfileException">400: parameters are none; all of them are named.</exception>
    public static IApplicationBuilder UseKnownQueries(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // What is no handler of this service, such as a page of a library, reads its query by itself.
        if (context.Request.Query.Count > 0 && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<MethodInfo>() is not null)
            Check(context.Request.Query, NamesOf(endpoint));
        return next(context);
    });

    private static void Check(IQueryCollection query, List<string> names)
    {
        var unknown = query.Keys.Where(key => !names.Contains(key, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count == 0) return;
        var known = names.Count == 0 ? "there are none" : $"the parameters are {string.Join(", ", names)}";
        throw new InvalidProfileException(
            [.. unknown.Select(name => new ProfileError(name, $"Is not a parameter here; {known}.{Spelling.DidYouMean(name, names)}"))]);
    }

    private static List<string> NamesOf(Endpoint endpoint) =>
    [
        .. from parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
           from query in parameter.ParameterInfo.GetCustomAttributes(inherit: true).OfType<IFromQueryMetadata>()
           select query.Name ?? parameter.Name,
    ];
}

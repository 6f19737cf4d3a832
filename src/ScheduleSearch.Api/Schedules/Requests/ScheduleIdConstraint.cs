using Microsoft.AspNetCore.Routing.Matching;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Tells ids from the words that stand in their place in other paths: these have verbs of their own, and no others.</summary>
internal sealed class ScheduleIdConstraint : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    /// <inheritdoc/>
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string text && MayBeId(text);

    /// <inheritdoc/>
    public bool MatchesLiteral(string parameterName, string literal) => MayBeId(literal);

    private static bool MayBeId(string text) =>
        ScheduleId.IsHex(text) || !text.All(character => char.IsAsciiLetterLower(character) || character == '-');
}

using Microsoft.AspNetCore.Http.Extensions;

namespace ScheduleSearch.Api.Http;

/// <summary>Leads from a page of a list to those beside it: the header Link, as RFC 8288 has it.</summary>
internal static class PageLinks
{
    private const string Parameter = "page";

    /// <summary>Names the next page and the one before, where there are such.</summary>
    /// <param name="context">The request, whose other parameters stay.</param>
    /// <param name="page">The page, from 1.</param>
    /// <param name="pageSize">Most entries of a page.</param>
    /// <param name="total">The entries of all pages.</param>
    public static void Add(HttpContext context, int page, int pageSize, int total)
    {
        var last = (total + pageSize - 1) / pageSize;
        var links = new List<string>();
        if (page < last) links.Add(To(page + 1, "next"));
        if (page > 1 && last > 0) links.Add(To(Math.Min(page - 1, last), "prev"));
        if (links.Count > 0) context.Response.Headers.Link = string.Join(", ", links);

        string To(int other, string relation)
        {
            var query = new QueryBuilder(context.Request.Query.Where(parameter => !parameter.Key.Equals(Parameter, StringComparison.OrdinalIgnoreCase)))
            {
                { Parameter, other.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            };
            return $"<{context.Request.Path}{query}>; rel=\"{relation}\"";
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Ranks as a query states several of them: numbers and ranges of numbers, such as <c>0-3,7</c>.</summary>
internal static class RankRanges
{
    /// <summary>An example of the grammar.</summary>
    public const string Example = "0-3,7";

    /// <summary>The grammar as a regular expression.</summary>
    public const string Pattern = "^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$";

    /// <summary>The ranks that are stated, in ascending order, each once; none where all are.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="text">What it says; null for all.</param>
    /// <param name="devices">How many ranks there are.</param>
    /// <exception cref="RequestFault">400: it states no ranks of the schedule.</exception>
    public static ImmutableArray<int> Parse(string name, string? text, int devices)
    {
        if (text is null) return [];
        var ranks = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-', 2);
            if (!TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || first > last || last >= devices)
            {
                var example = devices > 1 ? $"0-{devices - 1}" : "0";
                throw RequestFault.BadParameter(
                    name,
                    $"Must be ranks from 0 to {devices - 1} and ascending ranges of them, such as {example}, with commas between; left out, it is all.");
            }

            ranks.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return ranks.Count == devices ? [] : [.. ranks];
    }

    private static bool TryParse(string text, out int rank) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rank);
}

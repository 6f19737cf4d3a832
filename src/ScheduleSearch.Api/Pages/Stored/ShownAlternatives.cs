using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Pages.Stored;

/// <summary>The ways in which a request leaves its profile open, as pages list them.</summary>
public sealed class ShownAlternatives
{
    internal ShownAlternatives(IEnumerable<AlternativeAnswer> rows) => Rows = [.. rows];

    /// <summary>What the search reached in each.</summary>
    internal IReadOnlyList<AlternativeAnswer> Rows { get; }

    /// <summary>How an alternative closes what the profile leaves open, in a line.</summary>
    internal static string WordsOf(IReadOnlyDictionary<string, System.Text.Json.JsonElement>? with) =>
        with is null ? "" : string.Join(", ", with.Select(member => $"{member.Key} {member.Value}"));
}

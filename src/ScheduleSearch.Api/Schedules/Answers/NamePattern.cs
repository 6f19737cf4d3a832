using System.Text.RegularExpressions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A part of a name as SQL's LIKE takes it.</summary>
/// <param name="Given">As it is given.</param>
/// <param name="Lower">In lower case, for names that the database turns into it: SQLite does so with ASCII letters alone.</param>
internal sealed partial record NamePattern(string Given, string Lower)
{
    /// <summary>What takes its meaning from a wildcard.</summary>
    public const string Escape = @"\";

    public static NamePattern Of(string part)
    {
        // No database's text has a NUL, and so no stored name.
        var pattern = $"%{Wildcards().Replace(part.Replace('\0', ' '), @"\$0")}%";
        return new NamePattern(pattern, pattern.ToLowerInvariant());
    }

    [GeneratedRegex(@"[%_\\]")]
    private static partial Regex Wildcards();
}

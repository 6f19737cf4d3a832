using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What is right in a request and yet may not say what is meant, in the form in which problems list errors.</summary>
internal static class Warnings
{
    /// <summary>For each member of a profile that looks odd, by its JSON path, what looks so; null when none does.</summary>
    public static IReadOnlyDictionary<string, string[]>? Of(Profile profile)
    {
        var warnings = UnitWarnings.Of(profile);
        return warnings.Count == 0
            ? null
            : warnings.GroupBy(warning => warning.Path).ToDictionary(member => member.Key, member => member.Select(warning => warning.Message).ToArray());
    }
}

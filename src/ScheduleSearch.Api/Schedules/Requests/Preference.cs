using System.Globalization;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>How long a request wants to wait, as RFC 7240 states it. What it does not know is ignored, as that RFC asks.</summary>
internal static class Preference
{
    /// <summary>
    /// How long a request waits: what <c>Prefer: wait=N</c> (seconds) or <c>respond-async</c> (not at all) asks for, within the longest. The
    /// answer says what was applied.
    /// </summary>
    public static TimeSpan Wait(HttpContext context, TimeSpan longest)
    {
        if (Asked(context.Request) is not { } asked) return longest;
        var wait = asked < longest ? asked : longest;
        context.Response.Headers[AnswerHeaders.PreferenceApplied] =
            wait == TimeSpan.Zero ? "respond-async" : string.Create(CultureInfo.InvariantCulture, $"wait={wait.TotalSeconds:0}");
        return wait;
    }

    private static TimeSpan? Asked(HttpRequest request)
    {
        var preferences = request.Headers["Prefer"]
            .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries)).Select(preference => preference.Split(';')[0].Trim()).ToList();
        foreach (var preference in preferences)
        {
            if (preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(preference.AsSpan("wait=".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(seconds);
        }

        return preferences.Contains("respond-async", StringComparer.OrdinalIgnoreCase) ? TimeSpan.Zero : null;
    }
}

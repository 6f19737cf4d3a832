using System.Globalization;

namespace ScheduleSearch.Api.Schedules;

/// <summary>How long a request wants to wait, as RFC 7240 states it. What it does not know is ignored, as that RFC asks.</summary>
internal static class Preference
{
    /// <summary>The wait that <c>Prefer: wait=N</c> (seconds) or <c>respond-async</c> (none) asks for; null when neither does.</summary>
    public static TimeSpan? Wait(HttpRequest request)
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

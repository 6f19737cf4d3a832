using System.Globalization;

namespace ScheduleSearch.Api.Retention;

/// <summary>An age as commands and settings state it: a whole number of days, hours or minutes, such as <c>30d</c>, <c>12h</c> or <c>90m</c>.</summary>
internal static class Age
{
    public const string Form = "a whole number of days, hours or minutes, such as 30d, 12h or 90m";

    private const int MostDigits = 6;

    /// <summary>The age; null when the text is none.</summary>
    public static TimeSpan? TryParse(string text)
    {
        if (text.Length is 0 or > MostDigits + 1 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => null,
        };
    }
}

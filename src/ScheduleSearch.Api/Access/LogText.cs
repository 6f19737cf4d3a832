using System.Globalization;
using System.Text;

namespace ScheduleSearch.Api.Access;

/// <summary>Text of users for log lines.</summary>
internal static class LogText
{
    private const int MostCharacters = 200;

    /// <summary>A text on one line that a terminal shows as it is: what controls, separates lines or turns the direction of writing is escaped, as in
    /// <c>\u000a</c>, and what is long is cut.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MostCharacters)))
        {
            var isPlain = char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
            if (isPlain && character != '\\') escaped.Append(character);
            else escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return text.Length > MostCharacters ? escaped.Append('…').ToString() : escaped.ToString();
    }
}

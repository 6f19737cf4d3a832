using System.Text;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>Text that stands in XML, whatever characters it is made of.</summary>
internal static class XmlText
{
    /// <summary>The text with markup escaped, and what XML cannot hold replaced by U+FFFD.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">Most characters; a longer text is cut and ends with an ellipsis. Default: any number.</param>
    public static string Escape(string text, int most = int.MaxValue)
    {
        var escaped = new StringBuilder();
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++count > most) return escaped.Append('…').ToString();
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                < ' ' or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}

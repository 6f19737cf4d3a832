using System.Globalization;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>
/// The colours in which schedules are drawn: a hue for what an operation does (<see cref="OperationKindFacts.Hue"/>), the lighter the later its chunk. Any
/// two of them can be told apart with red-green blindness too. All are written as <c>#rrggbb</c>.
/// </summary>
public static class SchedulePalette
{
    /// <summary>A device that does nothing.</summary>
    public const string Idle = "#f3f4f6";

    /// <summary>The mark of gradients that are summed over two pipes.</summary>
    public const string AllReduce = "#1f2328";

    private const double Lightest = 0.45;
    private const string DarkText = "#000000";
    private const string LightText = "#ffffff";

    /// <summary>The colour of an operation.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="chunk">Its stage's place among those of the device, from 0.</param>
    /// <param name="chunks">The most stages that a device holds.</param>
    public static string Of(OperationKind kind, int chunk, int chunks)
    {
        var (red, green, blue) = kind.Facts().Hue;
        var white = chunks == 1 ? 0 : Lightest * chunk / (chunks - 1);
        return $"#{Mix(red, white):x2}{Mix(green, white):x2}{Mix(blue, white):x2}";
    }

    /// <summary>The colour of text on a colour: black or white, whichever stands out more; one of them always does by 4.5 to 1 at least.</summary>
    /// <param name="colour">The colour behind the text.</param>
    public static string TextOn(string colour)
    {
        var luminance = Luminance(colour);
        return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? DarkText : LightText;
    }

    private static int Mix(int colour, double white) => (int)Math.Round(colour + (255 - colour) * white);

    /// <summary>The relative luminance of WCAG 2: 0 for black, 1 for white.</summary>
    private static double Luminance(string colour) => 0.2126 * Linear(colour[1..3]) + 0.7152 * Linear(colour[3..5]) + 0.0722 * Linear(colour[5..7]);

    private static double Linear(string hex)
    {
        var level = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return level <= 0.04045 ? level / 12.92 : Math.Pow((level + 0.055) / 1.055, 2.4);
    }
}

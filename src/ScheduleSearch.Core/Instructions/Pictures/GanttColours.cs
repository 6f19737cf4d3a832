using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The colour of an operation: a hue for what it does, the lighter the later its chunk. Dark text is readable on all of them.</summary>
internal static class GanttColours
{
    private const double Lightest = 0.55;

    /// <summary>The colour as SVG writes it.</summary>
    /// <param name="kind">What the operation does.</param>
    /// <param name="chunk">Its stage's place among those of the device, from 0.</param>
    /// <param name="chunks">The most stages that a device holds.</param>
    public static string Of(OperationKind kind, int chunk, int chunks)
    {
        var (red, green, blue) = kind.Facts().Hue;
        var white = chunks == 1 ? 0 : Lightest * chunk / (chunks - 1);
        return $"#{Mix(red, white):x2}{Mix(green, white):x2}{Mix(blue, white):x2}";
    }

    private static int Mix(int colour, double white) => (int)Math.Round(colour + (255 - colour) * white);
}

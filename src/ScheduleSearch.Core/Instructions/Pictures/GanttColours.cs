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
        var (red, green, blue) = Hue(kind);
        var white = chunks == 1 ? 0 : Lightest * chunk / (chunks - 1);
        return $"#{Mix(red, white):x2}{Mix(green, white):x2}{Mix(blue, white):x2}";
    }

    private static (int Red, int Green, int Blue) Hue(OperationKind kind) => kind switch
    {
        OperationKind.Forward => (0x6f, 0xa3, 0xe6),
        OperationKind.BackwardInput => (0x58, 0xbd, 0x94),
        OperationKind.BackwardWeight => (0xf2, 0xb8, 0x4b),
        OperationKind.Recompute => (0xee, 0x93, 0x8c),
        OperationKind.OverlappedForward => (0x4f, 0xb3, 0xd9),
        OperationKind.OverlappedBackward => (0xcf, 0x86, 0xc6),
        _ => (0xb0, 0x8c, 0xdf),
    };

    private static int Mix(int colour, double white) => (int)Math.Round(colour + (255 - colour) * white);
}

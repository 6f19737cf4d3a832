namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>Whether a box has room for its label: the same rule whatever is shown of a schedule.</summary>
internal static class BoxLabel
{
    /// <summary>Size of the font.</summary>
    public const int Size = 10;

    private const double CharacterWidth = 0.64 * Size;
    private const int Padding = 3;
    private const int LeastHeight = 12;

    /// <summary>The pixels that a box of a label has at least.</summary>
    public static double LeastWidth(string label) => label.Length * CharacterWidth + Padding;

    /// <summary>Whether a label has room in a box.</summary>
    public static bool Fits(string label, double width, int height) => width >= LeastWidth(label) && height >= LeastHeight;
}

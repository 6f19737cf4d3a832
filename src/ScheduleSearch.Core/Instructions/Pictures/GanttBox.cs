namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The rectangle of one operation, in pixels.</summary>
/// <param name="Index">The operation.</param>
/// <param name="Timed">The operation whose times it has: itself, or the forward that it overlaps with.</param>
/// <param name="Left">Its left edge, on the axis.</param>
/// <param name="Width">Its width.</param>
/// <param name="Top">Its top.</param>
/// <param name="Height">Its height.</param>
internal readonly record struct GanttBox(int Index, int Timed, double Left, double Width, int Top, int Height)
{
    private const double Seam = 0.12;

    /// <summary>The width that is painted: a seam tells operations apart, a pixel where they are wide and less where that would bleach them.</summary>
    public double Painted => Width - Math.Min(1, Width * Seam);
}

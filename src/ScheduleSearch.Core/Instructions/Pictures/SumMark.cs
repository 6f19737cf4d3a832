using System.Buffers;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The mark of a sum over two pipes: a dark bar, with a light edge that sets it off from dark boxes.</summary>
internal static class SumMark
{
    /// <summary>Draws the bar around a pixel of the time axis.</summary>
    public static void Draw(IBufferWriter<byte> output, double x, int top, int height)
    {
        output.AppendLine($"""<path d="M{x:0.##} {top}v{height}" stroke="#fff" stroke-width="5"/>""");
        output.AppendLine($"""<path d="M{x:0.##} {top}v{height}" stroke="{SchedulePalette.AllReduce}" stroke-width="2.5"/>""");
    }
}

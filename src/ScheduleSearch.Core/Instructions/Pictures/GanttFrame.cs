using System.Buffers;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>An empty row for each lane of a Gantt picture, with its name, and the time axis below.</summary>
/// <param name="timeline">The schedule with its times.</param>
/// <param name="axis">Where times stand.</param>
/// <param name="rows">Where lanes stand.</param>
internal sealed class GanttFrame(Timeline timeline, TimeAxis axis, GanttRows rows)
{
    /// <summary>The colour of text.</summary>
    public const string Ink = "#1f2328";

    /// <summary>The colour of text that is less important.</summary>
    public const string Faint = "#59636e";

    /// <summary>Pixels below the rows.</summary>
    public const int Below = 46;

    private const string Grid = "#d8dde3";

    /// <summary>Writes the rows and the axis.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        for (var row = 0; row < rows.Lanes.Count; row++) WriteRow(output, row);
        foreach (var (label, at) in axis.Marks())
        {
            output.AppendLine($"""<path d="M{at:0.##} -6V{rows.Bottom + 6}" stroke="{Grid}"/>""");
            output.AppendLine($"""<text x="{at:0.##}" y="{rows.Bottom + 20}" text-anchor="middle" fill="{Faint}">{label}</text>""");
        }

        var unit = timeline.Schedule.Problem.Profile.Times.Unit;
        output.AppendLine(
            $"""<text x="{axis.Left + axis.Width:0.##}" y="{rows.Bottom + 38}" text-anchor="end" fill="{Faint}">time in {unit}</text>""");
    }

    private void WriteRow(IBufferWriter<byte> output, int row)
    {
        var (top, height) = (rows.TopOf(row), rows.HeightOf(row));
        var name = LaneText.Of(timeline.Graph.Lanes[rows.Lanes[row]]);
        output.AppendLine($"""<text x="{axis.Left - 10}" y="{top + height / 2 + 4}" text-anchor="end">{name}</text>""");
        output.AppendLine(
            $"""<rect x="{axis.Left}" y="{top}" width="{axis.ScheduleEnd - axis.Left:0.##}" height="{height}" fill="{SchedulePalette.Idle}"/>""");
    }
}

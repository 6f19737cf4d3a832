using System.Buffers;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What stands around the operations of a Gantt picture: title, legend, time axis, and an empty row for each lane.</summary>
internal sealed class GanttFrame(Timeline timeline, IReadOnlyList<int> lanes, GanttLayout layout, int chunks)
{
    private const int MostNameLength = 80;
    private const int MostSwatches = 4;
    private const double LetterWidth = 6.4;
    private const string Fonts = "Inter, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif";
    private const string Ink = "#1f2328";
    private const string Faint = "#656d76";
    private const string Idle = "#eef0f3";
    private const string Grid = "#d8dde3";

    private readonly Problem _problem = timeline.Schedule.Problem;

    /// <summary>Opens the SVG element and draws the frame; the caller closes the element.</summary>
    public void Open(IBufferWriter<byte> output)
    {
        var name = XmlText.Escape(timeline.Name ?? $"Schedule {timeline.Id[..12]}", MostNameLength);
        output.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{Fonts}" font-size="12" fill="{Ink}" """);
        output.AppendLine($"""width="{layout.Width}" height="{layout.Height}" viewBox="0 0 {layout.Width} {layout.Height}">""");
        output.AppendLine($"<title>{name}</title>");
        output.AppendLine($"""<rect width="{layout.Width}" height="{layout.Height}" fill="#fff"/>""");
        output.AppendLine($"""<text x="{GanttLayout.Left}" y="32" font-size="18" font-weight="600">{name}</text>""");
        output.AppendLine($"""<text x="{GanttLayout.Left}" y="53" fill="{Faint}">{Summary()}</text>""");
        WriteLegend(output);
        WriteRows(output);
        WriteAxis(output);
    }

    private string Summary()
    {
        var metrics = ScheduleMetrics.Of(timeline);
        var bubble = double.IsFinite(metrics.BubbleRatio) ? metrics.BubbleRatio : 0;
        return FormattableString.Invariant($"{_problem.Placement.Name}, p = {_problem.Devices}, m = {_problem.Microbatches}")
            + $" · makespan {Time(metrics.Makespan)} · span {Time(metrics.Span)}"
            + FormattableString.Invariant($" · bubble {100 * bubble:0.0} % of the {ProfileJson.NameOf(_problem.Objective)}");
    }

    private void WriteLegend(IBufferWriter<byte> output)
    {
        double x = GanttLayout.Left;
        foreach (var kind in Kinds())
        {
            var swatches = Math.Min(chunks, MostSwatches);
            OperationKind? second = kind.Facts().Place == PlaceInPair.First ? OperationKinds.InPair(OperationKind.Backward, PlaceInPair.Second) : null;
            for (var swatch = 0; swatch < swatches; swatch++, x += 15)
            {
                WriteSwatch(output, x, GanttColours.Of(kind, swatch, swatches));
                if (second is { } lower) WriteSwatch(output, x, GanttColours.Of(lower, swatch, swatches), isLowerHalf: true);
            }

            x = WriteLabel(output, x, second is null ? kind.Facts().Name : "overlapped pair", Ink);
        }

        WriteSwatch(output, x, Idle);
        WriteLabel(output, x + 15, "idle", Ink);
        var shades = _problem.Placement.Pipes == 1
            ? "the lighter, the later the device's chunk"
            : "the lighter, the later the device's chunk, those of the second pipe after those of the first";
        if (chunks > 1) output.AppendLine($"""<text x="{GanttLayout.Left}" y="{layout.PlotBottom + 38}" fill="{Faint}">{shades}</text>""");
    }

    /// <summary>What the legend lists: a pair once.</summary>
    private SortedSet<OperationKind> Kinds()
    {
        var kinds = new SortedSet<OperationKind>();
        foreach (var operation in timeline.Graph.Operations)
        {
            if (!operation.EndsPair) kinds.Add(operation.Kind);
        }

        return kinds;
    }

    private static void WriteSwatch(IBufferWriter<byte> output, double x, string colour, bool isLowerHalf = false) =>
        output.AppendLine($"""<rect x="{x:0.#}" y="{(isLowerHalf ? 75 : 68)}" width="14" height="{(isLowerHalf ? 7 : 14)}" rx="2" fill="{colour}"/>""");

    private static double WriteLabel(IBufferWriter<byte> output, double x, string label, string colour)
    {
        output.AppendLine($"""<text x="{x + 4:0.#}" y="79" fill="{colour}">{label}</text>""");
        return x + label.Length * LetterWidth + 24;
    }

    private void WriteRows(IBufferWriter<byte> output)
    {
        for (var row = 0; row < lanes.Count; row++)
        {
            var (top, middle) = (layout.TopOf(row), layout.TopOf(row) + layout.RowHeight / 2 + 4);
            output.AppendLine($"""<text x="{GanttLayout.Left - 10}" y="{middle}" text-anchor="end">{LaneText.Of(timeline.Graph.Lanes[lanes[row]])}</text>""");
            output.AppendLine(
                $"""<rect x="{GanttLayout.Left}" y="{top}" width="{layout.PlotWidth}" height="{layout.RowHeight}" rx="2" fill="{Idle}"/>""");
        }
    }

    private void WriteAxis(IBufferWriter<byte> output)
    {
        foreach (var (label, at) in layout.AxisMarks())
        {
            output.AppendLine($"""<path d="M{at:0.##} {GanttLayout.Top - 6}V{layout.PlotBottom + 6}" stroke="{Grid}"/>""");
            output.AppendLine(
                $"""<text x="{at:0.##}" y="{layout.PlotBottom + 20}" text-anchor="middle" fill="{Faint}">{label}</text>""");
        }

        var end = GanttLayout.Left + layout.PlotWidth;
        output.AppendLine(
            $"""<text x="{end}" y="{layout.PlotBottom + 38}" text-anchor="end" fill="{Faint}">time in {_problem.Profile.Times.Unit}</text>""");
    }

    private string Time(long ticks) => FormattableString.Invariant($"{_problem.TimeScale.FromTicks(ticks)} {_problem.Profile.Times.Unit}");
}

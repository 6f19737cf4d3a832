using System.Buffers;
using System.Globalization;
using System.Text;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>
/// Draws a timeline as SVG: a row for each lane, a box for each operation that tells its times when pointed at, and the label that tells operations of a
/// stage apart where the box has room for it.
/// </summary>
public sealed class GanttPicture
{
    private const string Fonts = "Inter, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif";

    private readonly Timeline _timeline;
    private readonly TimeAxis _axis;
    private readonly GanttRows _rows;
    private readonly GanttBoxes _boxes;
    private readonly List<(Moment Sum, int Row, int Partner)> _sums;
    private readonly MemoryCurves? _memory;
    private readonly GanttHead _head;
    private readonly int _chunks;

    private GanttPicture(Timeline timeline, PictureView view, SearchFigures? figures)
    {
        var problem = timeline.Schedule.Problem;
        _timeline = timeline;
        (_axis, _rows) = (new TimeAxis(timeline, view), new GanttRows(timeline, view));
        _chunks = Enumerable.Range(0, problem.Devices).Max(device => problem.Placement.StagesOn(device).Length);
        _boxes = new GanttBoxes(timeline, _axis, _rows, _chunks);
        _sums = SumsShown();
        _memory = view.ShowsMemory ? new MemoryCurves(timeline, _axis, _rows, _boxes.LeastWidth) : null;
        _head = new GanttHead(timeline, view, figures, _axis, new GanttLegend(timeline, _boxes, _chunks, _sums.Count > 0, _memory));
    }

    /// <summary>Writes the picture as UTF-8. Cost: linear in the operations.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="view">What is shown of it.</param>
    /// <param name="figures">How good the schedule is, for the head; null when nobody says.</param>
    /// <param name="output">Where the bytes go.</param>
    public static void Write(Timeline timeline, PictureView view, SearchFigures? figures, IBufferWriter<byte> output) =>
        new GanttPicture(timeline, view, figures).Write(output);

    private void Write(IBufferWriter<byte> output)
    {
        var above = new ArrayBufferWriter<byte>();
        var top = _head.Write(above) + 14;
        var (width, height) = (_axis.PictureWidth, top + _rows.Bottom + GanttFrame.Below);
        output.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{Fonts}" font-size="12" fill="{GanttFrame.Ink}" """);
        output.AppendLine($"""width="{width:0.##}" height="{height}" viewBox="0 0 {width:0.##} {height}">""");
        output.AppendLine($"<title>{_head.Title}</title>");
        output.AppendLine($"""<rect width="{width:0.##}" height="{height}" fill="#fff"/>""");
        output.Write(above.WrittenSpan);
        output.AppendLine($"""<g transform="translate(0 {top})">""");
        new GanttFrame(_timeline, _axis, _rows).Write(output);
        _memory?.Write(output);
        foreach (var (shade, boxes) in _boxes.Single) WriteBoxes(output, shade, boxes);
        if (_boxes.Merged.Count > 0) WriteMerged(output);
        WriteSums(output);
        output.Append("</g>\n</svg>\n");
    }

    private void WriteBoxes(IBufferWriter<byte> output, Shade shade, List<GanttBox> boxes)
    {
        var colour = SchedulePalette.Of(shade.Kind, shade.Chunk, _chunks);
        output.AppendLine($"""<g fill="{colour}">""");
        foreach (var box in boxes)
        {
            output.AppendLine($"""<rect x="{box.Left:0.##}" y="{box.Top}" width="{box.Painted:0.##}" height="{box.Height}">""");
            output.AppendLine($"<title>{_timeline.Graph.Operations[box.Index]}: {Times(box, box)}</title></rect>");
        }

        output.Append("</g>\n");
        output.AppendLine($"""<g fill="{SchedulePalette.TextOn(colour)}" font-size="{BoxLabel.Size}" text-anchor="middle" pointer-events="none">""");
        foreach (var box in boxes)
        {
            var label = TurnText.Of(_timeline.Graph.Operations[box.Index], _timeline.Schedule.Problem);
            if (BoxLabel.Fits(label, box.Width, box.Height))
                output.AppendLine($"""<text x="{box.Left + box.Painted / 2:0.##}" y="{box.Top + box.Height / 2 + 4}">{label}</text>""");
        }

        output.Append("</g>\n");
    }

    /// <summary>The parts of shared boxes, a path for each shade; and over each box something to point at.</summary>
    private void WriteMerged(IBufferWriter<byte> output)
    {
        var paths = new SortedDictionary<Shade, StringBuilder>();
        foreach (var box in _boxes.Merged)
        {
            double top = _rows.TopOf(box.Row);
            foreach (var (shade, part) in box.Parts)
            {
                var height = part * _rows.HeightOf(box.Row);
                if (!paths.TryGetValue(shade, out var path)) paths.Add(shade, path = new StringBuilder());
                path.Append(CultureInfo.InvariantCulture, $"M{box.Left:0.#} {top:0.#}h{box.Width:0.##}v{height:0.#}h-{box.Width:0.##}");
                top += height;
            }
        }

        foreach (var (shade, path) in paths)
        {
            output.Append($"<path fill=\"{SchedulePalette.Of(shade.Kind, shade.Chunk, _chunks)}\" d=\"");
            output.Append(path.ToString());
            output.Append("\"/>\n");
        }

        output.Append("<g fill=\"none\" pointer-events=\"all\">\n");
        foreach (var box in _boxes.Merged)
        {
            output.AppendLine(
                $"""<rect x="{box.Left:0.#}" y="{_rows.TopOf(box.Row)}" width="{box.Width:0.##}" height="{_rows.HeightOf(box.Row)}">""");
            output.AppendLine($"<title>{box.Boxes.Count} operations, {Times(box.Boxes[0], box.Boxes[^1])}: {box.Counts}</title></rect>");
        }

        output.Append("</g>\n");
    }

    /// <summary>Where the gradients of a stage are summed over both pipes: on each of the rows of ranks that hold it.</summary>
    private List<(Moment Sum, int Row, int Partner)> SumsShown()
    {
        List<(Moment, int, int)> sums = [];
        foreach (var sum in GlobalOrder.Sums(_timeline))
        {
            if (!_axis.Shows(sum.Time, sum.Time)) continue;
            var stage = _timeline.Graph.Operations[sum.Operation].Stage;
            for (var row = 0; row < _rows.Lanes.Count; row++)
            {
                if (!_timeline.Graph.IsCompute(_rows.Lanes[row])) continue;
                if (ReplicaSums.PartnerOf(_timeline.Schedule.Problem.Placement, stage, _rows.Lanes[row]) is { } partner) sums.Add((sum, row, partner));
            }
        }

        return sums;
    }

    private void WriteSums(IBufferWriter<byte> output)
    {
        foreach (var (sum, row, partner) in _sums)
        {
            output.AppendLine($"<g><title>all-reduce of stage {_timeline.Graph.Operations[sum.Operation].Stage} with rank {partner}</title>");
            SumMark.Draw(output, _axis.At(sum.Time), _rows.TopOf(row) - 2, _rows.HeightOf(row) + 4);
            output.Append("</g>\n");
        }
    }

    private FormattableString Times(GanttBox first, GanttBox last)
    {
        var problem = _timeline.Schedule.Problem;
        var (start, end) = (problem.TimeScale.FromTicks(_timeline.StartOf(first.Timed)), problem.TimeScale.FromTicks(_timeline.EndOf(last.Timed)));
        return $"{start} to {end} {problem.Profile.Times.Unit}";
    }
}

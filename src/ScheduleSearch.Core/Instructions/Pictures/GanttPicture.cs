using System.Buffers;
using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>
/// Draws a timeline as SVG. Few operations become rectangles that tell their times when pointed at; many become one path for each
/// colour, so that a picture of 200,000 operations stays a few megabytes.
/// </summary>
internal sealed class GanttPicture
{
    private const int MostRectangles = 4000;
    private const double DigitWidth = 6.4;

    private readonly Timeline _timeline;
    private readonly IReadOnlyList<int> _devices;
    private readonly GanttLayout _layout;
    private readonly int _chunks;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="rank">One device only; null for all.</param>
    public GanttPicture(Timeline timeline, int? rank)
    {
        var problem = timeline.Schedule.Problem;
        _timeline = timeline;
        _devices = rank is { } one ? [one] : [.. Enumerable.Range(0, problem.Devices)];
        _layout = new GanttLayout(timeline, _devices);
        _chunks = Enumerable.Range(0, problem.Devices).Max(device => problem.Placement.StagesOn(device).Length);
    }

    /// <summary>Writes the picture. Cost: linear in the operations.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var shades = Shades();
        var isSparse = shades.Sum(shade => shade.Value.Count) <= MostRectangles;
        new GanttFrame(_timeline, _devices, _layout, _chunks).Open(output);
        foreach (var ((kind, chunk), boxes) in shades)
        {
            var colour = GanttColours.Of(kind, chunk, _chunks);
            if (isSparse) WriteRectangles(output, colour, boxes);
            else WritePath(output, colour, boxes);
        }

        WriteMicrobatches(output, shades.SelectMany(shade => shade.Value));
        output.Append("</svg>\n");
    }

    /// <summary>The operations by colour: what they do, and which of its chunks the device does it for.</summary>
    private SortedDictionary<(OperationKind Kind, int Chunk), List<Box>> Shades()
    {
        var shades = new SortedDictionary<(OperationKind, int), List<Box>>();
        for (var row = 0; row < _devices.Count; row++)
        {
            var chunks = _timeline.Schedule.Problem.Placement.StagesOn(_devices[row]).Select((stage, chunk) => (stage, chunk))
                .ToDictionary(pair => (pair.stage.Pipe, pair.stage.Stage), pair => pair.chunk);
            foreach (var index in _timeline.Schedule.OrderOf(_devices[row]))
            {
                var operation = _timeline.Graph.Operations[index];
                var shade = (operation.Kind, chunks[(operation.Pipe, operation.Stage)]);
                if (!shades.TryGetValue(shade, out var boxes)) shades.Add(shade, boxes = []);
                boxes.Add(new Box(index, row, _layout.At(_timeline.StartOf(index)), _layout.At(_timeline.EndOf(index))));
            }
        }

        return shades;
    }

    private void WriteRectangles(IBufferWriter<byte> output, string colour, List<Box> boxes)
    {
        var problem = _timeline.Schedule.Problem;
        var (scale, unit) = (problem.TimeScale, problem.Profile.Times.Unit);
        output.AppendLine($"""<g fill="{colour}" stroke="#fff" stroke-width="{_layout.Seam:0.##}">""");
        foreach (var (index, row, left, right) in boxes)
        {
            var (start, end) = (scale.FromTicks(_timeline.StartOf(index)), scale.FromTicks(_timeline.EndOf(index)));
            output.AppendLine(
                $"""<rect x="{left:0.##}" y="{_layout.TopOf(row)}" width="{right - left:0.##}" height="{_layout.RowHeight}" rx="2">""");
            output.AppendLine($"<title>{_timeline.Graph.Operations[index]}: {start} to {end} {unit}</title></rect>");
        }

        output.Append("</g>\n");
    }

    /// <summary>Each operation is a stroke along its row, as thick as the row.</summary>
    private void WritePath(IBufferWriter<byte> output, string colour, List<Box> boxes)
    {
        output.AppendLine($"""<path stroke="{colour}" stroke-width="{_layout.RowHeight}" fill="none" """);
        output.Append("d=\"");
        foreach (var box in boxes)
        {
            var width = Math.Max(box.Width - _layout.Seam, box.Width / 2);
            var middle = _layout.TopOf(box.Row) + _layout.RowHeight / 2;
            output.Append(string.Create(CultureInfo.InvariantCulture, $"M{box.Left:0.##} {middle}h{width:0.##}"));
        }

        output.Append("\"/>\n");
    }

    /// <summary>The microbatch of every operation that is wide enough to hold its number.</summary>
    private void WriteMicrobatches(IBufferWriter<byte> output, IEnumerable<Box> boxes)
    {
        output.Append("<g font-size=\"11\" text-anchor=\"middle\" pointer-events=\"none\">\n");
        foreach (var box in boxes)
        {
            var microbatch = _timeline.Graph.Operations[box.Index].Microbatch.ToString(CultureInfo.InvariantCulture);
            if (box.Width < microbatch.Length * DigitWidth + 3) continue;
            var baseline = _layout.TopOf(box.Row) + _layout.RowHeight / 2 + 4;
            output.AppendLine($"""<text x="{box.Left + box.Width / 2:0.##}" y="{baseline}">{microbatch}</text>""");
        }

        output.Append("</g>\n");
    }

    private readonly record struct Box(int Index, int Row, double Left, double Right)
    {
        public double Width => Right - Left;
    }
}

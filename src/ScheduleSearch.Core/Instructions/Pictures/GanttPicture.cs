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
    private const int LeastTextHeight = 12;

    private readonly Timeline _timeline;
    private readonly IReadOnlyList<int> _lanes;
    private readonly GanttLayout _layout;
    private readonly int _chunks;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="rank">One device only; null for all.</param>
    public GanttPicture(Timeline timeline, int? rank)
    {
        var problem = timeline.Schedule.Problem;
        _timeline = timeline;
        var devices = rank is { } one ? [one] : Enumerable.Range(0, problem.Devices);
        _lanes = [.. devices.SelectMany(timeline.Graph.LanesOf)];
        _layout = new GanttLayout(timeline, _lanes);
        _chunks = Enumerable.Range(0, problem.Devices).Max(device => problem.Placement.StagesOn(device).Length);
    }

    /// <summary>Writes the picture. Cost: linear in the operations.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var shades = Shades();
        var isSparse = shades.Sum(shade => shade.Value.Count) <= MostRectangles;
        new GanttFrame(_timeline, _lanes, _layout, _chunks).Open(output);
        foreach (var ((kind, chunk), boxes) in shades)
        {
            var colour = GanttColours.Of(kind, chunk, _chunks);
            if (isSparse) WriteRectangles(output, colour, boxes);
            else WritePath(output, colour, boxes);
        }

        WriteMicrobatches(output, shades.SelectMany(shade => shade.Value));
        WriteSums(output);
        output.Append("</svg>\n");
    }

    /// <summary>The operations by colour: what they do, and which of its chunks the device does it for.</summary>
    private SortedDictionary<(OperationKind Kind, int Chunk), List<Box>> Shades()
    {
        var shades = new SortedDictionary<(OperationKind, int), List<Box>>();
        for (var row = 0; row < _lanes.Count; row++)
        {
            var chunks = _timeline.Schedule.Problem.Placement.StagesOn(_timeline.Graph.Lanes[_lanes[row]].Device).Select((stage, chunk) => (stage, chunk))
                .ToDictionary(pair => (pair.stage.Pipe, pair.stage.Stage), pair => pair.chunk);
            var previous = 0;
            foreach (var index in _timeline.Schedule.OrderOf(_lanes[row]))
            {
                var operation = _timeline.Graph.Operations[index];
                var shade = (operation.Kind, chunks[(operation.Pipe, operation.Stage)]);
                if (!shades.TryGetValue(shade, out var boxes)) shades.Add(shade, boxes = []);
                boxes.Add(BoxOf(index, operation.EndsPair ? previous : index, row));
                previous = index;
            }
        }

        return shades;
    }

    /// <summary>The box of an operation. The two of a pair share one, the forward above the backward.</summary>
    /// <param name="index">The operation.</param>
    /// <param name="timed">The operation whose times it has: itself, or the forward that it overlaps with.</param>
    /// <param name="row">Its lane's row.</param>
    private Box BoxOf(int index, int timed, int row)
    {
        var half = _layout.RowHeight / 2;
        var (top, height) = _timeline.Graph.Operations[index].Facts.Place switch
        {
            PlaceInPair.First => (0, half),
            PlaceInPair.Second => (half, _layout.RowHeight - half),
            _ => (0, _layout.RowHeight),
        };
        return new Box(index, timed, _layout.At(_timeline.StartOf(timed)), _layout.At(_timeline.EndOf(timed)), _layout.TopOf(row) + top, height);
    }

    private void WriteRectangles(IBufferWriter<byte> output, string colour, List<Box> boxes)
    {
        var problem = _timeline.Schedule.Problem;
        var (scale, unit) = (problem.TimeScale, problem.Profile.Times.Unit);
        output.AppendLine($"""<g fill="{colour}" stroke="#fff" stroke-width="{_layout.Seam:0.##}">""");
        foreach (var box in boxes)
        {
            var (start, end) = (scale.FromTicks(_timeline.StartOf(box.Timed)), scale.FromTicks(_timeline.EndOf(box.Timed)));
            output.AppendLine($"""<rect x="{box.Left:0.##}" y="{box.Top}" width="{box.Width:0.##}" height="{box.Height}" rx="2">""");
            output.AppendLine($"<title>{_timeline.Graph.Operations[box.Index]}: {start} to {end} {unit}</title></rect>");
        }

        output.Append("</g>\n");
    }

    /// <summary>Each operation is a stroke along its row, as thick as its box, which all of a colour have in common.</summary>
    private void WritePath(IBufferWriter<byte> output, string colour, List<Box> boxes)
    {
        output.AppendLine($"""<path stroke="{colour}" stroke-width="{boxes[0].Height}" fill="none" """);
        output.Append("d=\"");
        foreach (var box in boxes)
        {
            var width = Math.Max(box.Width - _layout.Seam, box.Width / 2);
            var middle = box.Top + box.Height / 2.0;
            output.Append(string.Create(CultureInfo.InvariantCulture, $"M{box.Left:0.##} {middle:0.##}h{width:0.##}"));
        }

        output.Append("\"/>\n");
    }

    /// <summary>The microbatch of every operation, and its slice if there are several, where the box has room for it.</summary>
    private void WriteMicrobatches(IBufferWriter<byte> output, IEnumerable<Box> boxes)
    {
        output.Append("<g font-size=\"11\" text-anchor=\"middle\" pointer-events=\"none\">\n");
        foreach (var box in boxes)
        {
            var label = TurnText.Of(_timeline.Graph.Operations[box.Index], _timeline.Schedule.Problem);
            if (box.Width < label.Length * DigitWidth + 3 || box.Height < LeastTextHeight) continue;
            output.AppendLine($"""<text x="{box.Left + box.Width / 2:0.##}" y="{box.Top + box.Height / 2 + 4}">{label}</text>""");
        }

        output.Append("</g>\n");
    }

    /// <summary>Where the gradients of a stage are summed over both pipes: a mark across the rows of the ranks that hold it.</summary>
    private void WriteSums(IBufferWriter<byte> output)
    {
        var placement = _timeline.Schedule.Problem.Placement;
        foreach (var sum in GlobalOrder.Sums(_timeline))
        {
            var stage = _timeline.Graph.Operations[sum.Operation].Stage;
            for (var row = 0; row < _lanes.Count; row++)
            {
                if (!_timeline.Graph.IsCompute(_lanes[row]) || ReplicaSums.PartnerOf(placement, stage, _lanes[row]) is not { } partner) continue;
                var (top, height) = (_layout.TopOf(row) - 2, _layout.RowHeight + 4);
                output.AppendLine($"""<path d="M{_layout.At(sum.Time):0.##} {top}v{height}" stroke="#1f2328" stroke-width="2">""");
                output.AppendLine($"<title>all-reduce of stage {stage} with rank {partner}</title></path>");
            }
        }
    }

    private readonly record struct Box(int Index, int Timed, double Left, double Right, int Top, int Height)
    {
        public double Width => Right - Left;
    }
}

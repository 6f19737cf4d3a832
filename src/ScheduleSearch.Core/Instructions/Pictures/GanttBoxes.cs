using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>
/// The boxes of a picture, by colour. An operation has one of its own unless it is narrower than a pixel, or than the room that each of very many has:
/// then neighbours share one, so that a picture stays a few megabytes whatever it shows.
/// </summary>
internal sealed class GanttBoxes
{
    private const int MostBoxes = 16_000;
    private const double MostParts = 6 * MostBoxes;

    private readonly Timeline _timeline;
    private readonly TimeAxis _axis;
    private readonly GanttRows _rows;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="axis">Where times stand.</param>
    /// <param name="rows">Where lanes stand.</param>
    /// <param name="chunks">The most stages that a device holds.</param>
    public GanttBoxes(Timeline timeline, TimeAxis axis, GanttRows rows, int chunks)
    {
        (_timeline, _axis, _rows) = (timeline, axis, rows);
        var fits = CountShown() <= MostBoxes;
        LeastWidth = fits ? 1 : Math.Max(1, rows.Lanes.Count * axis.Width / Math.Min(MostBoxes, MostParts / (Kinds.Count * chunks)));
        for (var row = 0; row < rows.Lanes.Count; row++) AddRow(row);
    }

    /// <summary>The least width of a box of its own.</summary>
    public double LeastWidth { get; }

    /// <summary>The boxes of single operations.</summary>
    public SortedDictionary<Shade, List<GanttBox>> Single { get; } = [];

    /// <summary>The boxes that several operations share.</summary>
    public List<MergedBox> Merged { get; } = [];

    /// <summary>The kinds of all operations that are shown.</summary>
    public SortedSet<OperationKind> Kinds { get; } = [];

    /// <summary>The number of operations that are shown, whose kinds it notes.</summary>
    private int CountShown()
    {
        var count = 0;
        foreach (var lane in _rows.Lanes)
        {
            foreach (var index in _timeline.Schedule.OrderOf(lane))
            {
                if (!_axis.Shows(_timeline.StartOf(index), _timeline.EndOf(index))) continue;
                count++;
                Kinds.Add(_timeline.Graph.Operations[index].Kind);
            }
        }

        return count;
    }

    private void AddRow(int row)
    {
        var lane = _rows.Lanes[row];
        var chunks = _timeline.Schedule.Problem.Placement.StagesOn(_timeline.Graph.Lanes[lane].Device).Select((stage, chunk) => (stage, chunk))
            .ToDictionary(pair => (pair.stage.Pipe, pair.stage.Stage), pair => pair.chunk);
        var (previous, run) = (0, new MergedBox(row, column: -1));
        foreach (var index in _timeline.Schedule.OrderOf(lane))
        {
            var operation = _timeline.Graph.Operations[index];
            var timed = operation.EndsPair ? previous : index;
            previous = index;
            if (!_axis.Shows(_timeline.StartOf(timed), _timeline.EndOf(timed))) continue;
            var (box, shade) = (BoxOf(index, timed, row), new Shade(operation.Kind, chunks[(operation.Pipe, operation.Stage)]));
            if (box.Width >= LeastWidth)
            {
                AddSingle(box, shade);
                continue;
            }

            var column = (long)((box.Left - _axis.Left) / LeastWidth);
            if (run.Column != column)
            {
                Complete(run);
                run = new MergedBox(row, column);
            }

            run.Add(box, shade, operation.Facts.Place != PlaceInPair.None);
        }

        Complete(run);
    }

    private void AddSingle(GanttBox box, Shade shade)
    {
        if (!Single.TryGetValue(shade, out var boxes)) Single.Add(shade, boxes = []);
        boxes.Add(box);
    }

    private void Complete(MergedBox run)
    {
        if (run.Boxes.Count == 1) AddSingle(run.Boxes[0], run.Shades.Single());
        else if (run.Boxes.Count > 1) Merged.Add(run);
    }

    private GanttBox BoxOf(int index, int timed, int row)
    {
        var (left, right) = (_axis.At(_timeline.StartOf(timed)), _axis.At(_timeline.EndOf(timed)));
        var (top, height) = _rows.PartOf(row, _timeline.Graph.Operations[index]);
        return new GanttBox(index, timed, left, right - left, top, height);
    }
}

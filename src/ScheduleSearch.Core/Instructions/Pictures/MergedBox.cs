using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>Neighbours in a row that are too narrow for a box each: they share one, in which each shade has as much as it has of the time.</summary>
/// <param name="row">Their row.</param>
/// <param name="column">Where on the axis they begin, counted in least widths.</param>
internal sealed class MergedBox(int row, long column)
{
    private readonly SortedDictionary<Shade, double> _widths = [];
    private readonly SortedDictionary<OperationKind, int> _counts = [];

    public int Row => row;

    public long Column => column;

    public double Left => Boxes[0].Left;

    public double Width => Boxes[^1].Left + Boxes[^1].Width - Left;

    /// <summary>The operations, first to last.</summary>
    public List<GanttBox> Boxes { get; } = [];

    /// <summary>The shades of the operations.</summary>
    public IEnumerable<Shade> Shades => _widths.Keys;

    /// <summary>Each shade's part of the box, from 0 to 1; what is missing to 1 is idle.</summary>
    public IEnumerable<(Shade Shade, double Part)> Parts => Width > 0 ? _widths.Select(shade => (shade.Key, shade.Value / Width)) : [];

    /// <summary>How many operations of each kind there are.</summary>
    public string Counts => string.Join(", ", _counts.Select(kind => $"{kind.Value} {kind.Key.Facts().Name}"));

    public void Add(GanttBox box, Shade shade, bool isOfPair)
    {
        Boxes.Add(box);
        _widths[shade] = _widths.GetValueOrDefault(shade) + (isOfPair ? box.Width / 2 : box.Width);
        _counts[shade.Kind] = _counts.GetValueOrDefault(shade.Kind) + 1;
    }
}

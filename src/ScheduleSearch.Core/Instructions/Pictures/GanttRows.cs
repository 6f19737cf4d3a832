using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The rows of a Gantt picture: the lanes of each device below each other, and its memory below its compute lane, in pixels from the first.</summary>
internal sealed class GanttRows
{
    private const int FewRows = 12;
    private const int Height = 28;
    private const int LowHeight = 20;
    private const int LinkHeight = 16;
    private const int MemoryGap = 2;

    private readonly int[] _tops;
    private readonly int[] _heights;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="view">What is shown of it.</param>
    public GanttRows(Timeline timeline, PictureView view)
    {
        var graph = timeline.Graph;
        var devices = view.Ranks.IsEmpty ? Enumerable.Range(0, graph.Problem.Devices) : view.Ranks;
        Lanes = [.. devices.SelectMany(graph.LanesOf)];
        var isLow = Lanes.Count > FewRows && graph.Selection.Pairs.Count == 0;
        (_tops, _heights) = (new int[Lanes.Count], new int[Lanes.Count]);
        for (var row = 0; row < Lanes.Count; row++)
        {
            _tops[row] = Bottom + (row == 0 ? 0 : isLow ? 4 : 6);
            _heights[row] = !graph.IsCompute(Lanes[row]) ? LinkHeight : isLow ? LowHeight : Height;
            Bottom = _tops[row] + _heights[row] + (view.ShowsMemory && graph.IsCompute(Lanes[row]) ? MemoryGap + MemoryHeight : 0);
        }
    }

    /// <summary>Pixels of what is drawn of a device's memory.</summary>
    public static int MemoryHeight => 26;

    /// <summary>The lane of each row.</summary>
    public IReadOnlyList<int> Lanes { get; }

    /// <summary>The pixel below the last row.</summary>
    public int Bottom { get; }

    public int TopOf(int row) => _tops[row];

    public int HeightOf(int row) => _heights[row];

    /// <summary>The top of the memory of a row's device.</summary>
    public int MemoryTopOf(int row) => _tops[row] + _heights[row] + MemoryGap;

    /// <summary>The part of a row that an operation takes: the two of a pair share it, the forward above the backward.</summary>
    public (int Top, int Height) PartOf(int row, Operation operation)
    {
        var (top, height) = (_tops[row], _heights[row]);
        return operation.Facts.Place switch
        {
            PlaceInPair.First => (top, height / 2),
            PlaceInPair.Second => (top + height / 2, height - height / 2),
            _ => (top, height),
        };
    }
}

using System.Globalization;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>Where things stand in a Gantt picture, in pixels.</summary>
internal sealed class GanttLayout
{
    public const int Top = 104;
    public const int Left = 72;

    private const int Right = 28;
    private const int Bottom = 48;
    private const int LeastPlot = 820;
    private const int MostPlot = 2400;
    private const int PlotOfOperation = 24;
    private const int ManyRows = 12;
    private const int TickDistance = 90;

    private readonly double _plot;
    private readonly double _end;
    private readonly decimal _ticks;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="lanes">The lane of each row.</param>
    public GanttLayout(Timeline timeline, IReadOnlyList<int> lanes)
    {
        var problem = timeline.Schedule.Problem;
        var ticks = lanes.Max(lane => timeline.EndOf(timeline.Schedule.OrderOf(lane)[^1]));
        var most = lanes.Max(lane => timeline.Schedule.OrderOf(lane).Length);
        _plot = Math.Clamp(PlotOfOperation * (double)most, LeastPlot, MostPlot);
        _ticks = Math.Max(ticks, 1);
        _end = (double)problem.TimeScale.FromTicks(ticks);
        Rows = lanes.Count;
        RowHeight = Rows > ManyRows ? 18 : 28;
        RowGap = Rows > ManyRows ? 4 : 6;
        // White seams tell operations apart; on narrow ones they would bleach the colour.
        Seam = Math.Min(1, _plot / most * 0.12);
    }

    public int Rows { get; }

    public int RowHeight { get; }

    public int RowGap { get; }

    public double Seam { get; }

    public double PlotWidth => _plot;

    public double Width => Left + _plot + Right;

    public int PlotBottom => Top + Rows * (RowHeight + RowGap) - RowGap;

    public int Height => PlotBottom + Bottom;

    public int TopOf(int row) => Top + row * (RowHeight + RowGap);

    /// <summary>The pixel of a tick.</summary>
    public double At(long ticks) => Left + (double)(ticks / _ticks) * _plot;

    /// <summary>Round numbers along the time axis, in the profile's unit, with their pixels.</summary>
    public IEnumerable<(string Label, double At)> AxisMarks()
    {
        if (_end <= 0) yield break;
        var step = RoundStep(_end * TickDistance / _plot);
        for (var mark = 0; mark * step <= _end * (1 + 1e-12); mark++)
        {
            var time = mark * (decimal)step;
            yield return (time.ToString("0.############", CultureInfo.InvariantCulture), Left + (double)time / _end * _plot);
        }
    }

    /// <summary>The least of 1, 2, 5, 10, 20, 50 ... (and 0.5, 0.2 ...) that is not below a number.</summary>
    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= least * (1 - 1e-9));
    }
}

using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>Where times stand in a picture, in pixels from its left.</summary>
internal sealed class TimeAxis
{
    private const int Right = 28;
    private const int NamesWidth = 72;
    private const int NamesWithMemory = 104;
    private const int LeastWidth = 820;
    private const int MostWidth = 3600;
    private const int MarkDistance = 90;

    private readonly decimal _tick;
    private readonly decimal _from;
    private readonly decimal _to;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="view">What is shown of it.</param>
    public TimeAxis(Timeline timeline, PictureView view)
    {
        _tick = timeline.Schedule.Problem.TimeScale.FromTicks(1);
        var end = _tick * EndOf(timeline);
        _from = view.From;
        _to = view.To ?? Math.Max(end, _from + _tick);
        Left = view.ShowsMemory ? NamesWithMemory : NamesWidth;
        Width = view.Width is { } width ? width - Left - Right : Math.Clamp((double)(_to - _from) * WidthOfUnit(timeline), LeastWidth, MostWidth);
        ScheduleEnd = At(end);
    }

    /// <summary>The pixel of the left end.</summary>
    public int Left { get; }

    /// <summary>The pixels from one end to the other.</summary>
    public double Width { get; }

    /// <summary>The pixel of the schedule's end, or of the axis' own if that comes before.</summary>
    public double ScheduleEnd { get; }

    /// <summary>The pixels of the whole picture.</summary>
    public double PictureWidth => Left + Width + Right;

    /// <summary>The pixel of a tick; that of the nearer end when it is not on the axis.</summary>
    public double At(long ticks) => At(ticks * _tick);

    /// <summary>Whether anything between two ticks is on the axis.</summary>
    public bool Shows(long start, long end)
    {
        var (first, last) = (start * _tick, end * _tick);
        return start == end ? first >= _from && first <= _to : last > _from && first < _to;
    }

    /// <summary>Round numbers along the axis, in the profile's unit, with their pixels.</summary>
    public IEnumerable<(string Label, double At)> Marks()
    {
        var step = RoundStep((double)(_to - _from) * MarkDistance / Width);
        for (var mark = decimal.Ceiling(_from / step) * step; mark <= _to; mark += step)
            yield return (DecimalScale.Normalize(mark).ToString(CultureInfo.InvariantCulture), At(mark));
    }

    /// <summary>The last end of all lanes.</summary>
    private static long EndOf(Timeline timeline)
    {
        var end = 0L;
        for (var operation = 0; operation < timeline.Graph.Count; operation++) end = Math.Max(end, timeline.EndOf(operation));
        return end;
    }

    /// <summary>
    /// The pixels of a unit of time by which operations have room for the longest label, those aside that take less than half of the mean.
    /// </summary>
    private static double WidthOfUnit(Timeline timeline)
    {
        var graph = timeline.Graph;
        var durations = new List<long>(graph.Count);
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (graph.Durations[operation] > 0 && graph.LaneOf[operation] is not OperationGraph.NoLane and var lane && graph.IsCompute(lane))
                durations.Add(graph.Durations[operation]);
        }

        if (durations.Count == 0) return 0;
        var half = durations.Average() / 2;
        var shortest = graph.Problem.TimeScale.FromTicks(durations.Where(duration => duration >= half).Min());
        return (BoxLabel.LeastWidth(TurnText.Longest(graph.Problem)) + 1) / (double)shortest;
    }

    /// <summary>The least of 1, 2, 5, 10, 20, 50 ... (and 0.5, 0.2 ...) that is not below a number.</summary>
    private static decimal RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return (decimal)(power * new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= least * (1 - 1e-9)));
    }

    private double At(decimal time) => Left + (double)((Math.Clamp(time, _from, _to) - _from) / (_to - _from)) * Width;
}

using System.Buffers;
using System.Globalization;
using System.Text;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The activations that each device holds, on the picture's time axis and all to one scale, with what the device may hold.</summary>
internal sealed class MemoryCurves
{
    /// <summary>The colour of what is held.</summary>
    public const string Held = "#b9c3cf";

    /// <summary>The colour of a limit.</summary>
    public const string Limit = "#b42318";

    private const string Edge = "#57606a";
    private const int TextSize = 9;

    private readonly Timeline _timeline;
    private readonly TimeAxis _axis;
    private readonly GanttRows _rows;
    private readonly double _leastStep;
    private readonly ScheduleMetrics _metrics;
    private readonly long _most;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="axis">Where times stand.</param>
    /// <param name="rows">Where lanes stand.</param>
    /// <param name="leastStep">Pixels between steps: of what is closer, the most is drawn.</param>
    public MemoryCurves(Timeline timeline, TimeAxis axis, GanttRows rows, double leastStep)
    {
        (_timeline, _axis, _rows, _leastStep) = (timeline, axis, rows, leastStep);
        _metrics = ScheduleMetrics.Of(timeline);
        _most = Devices.Max(device => Math.Max(1, Math.Max(_metrics.PeakMemory[device], HasLimit ? Problem.LimitOf(device) : 0)));
    }

    /// <summary>The unit of memory.</summary>
    public MemoryUnit Unit => Problem.Profile.Memory?.Unit ?? MemoryUnit.MiB;

    /// <summary>Whether devices have a limit.</summary>
    public bool HasLimit => !Problem.Limit.IsEmpty;

    private Problem Problem => _timeline.Schedule.Problem;

    private IEnumerable<int> Devices => _rows.Lanes.Where(_timeline.Graph.IsCompute);

    /// <summary>Draws a curve below each compute lane.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        for (var row = 0; row < _rows.Lanes.Count; row++)
        {
            if (_timeline.Graph.IsCompute(_rows.Lanes[row])) Write(output, _rows.Lanes[row], _rows.MemoryTopOf(row));
        }
    }

    private void Write(IBufferWriter<byte> output, int device, int top)
    {
        var bottom = top + GanttRows.MemoryHeight;
        var (peak, limit) = (Amount(_metrics.PeakMemory[device]), HasLimit ? Amount(Problem.LimitOf(device)) : null);
        output.Append("<g><title>");
        output.Append($"activations of rank {device}: at most {peak} {Unit}{(limit is null ? "" : $" of {limit} {Unit}")}</title>\n");
        output.AppendLine($"""<rect x="{_axis.Left}" y="{top}" width="{_axis.Width:0.##}" height="{GanttRows.MemoryHeight}" fill="#fff"/>""");
        output.Append($"""<path fill="{Held}" stroke="{Edge}" stroke-width="0.5" d="{Curve(device, bottom)}"/>""");
        output.Append("\n");
        WriteAmount(output, top + 11, "peak", peak, GanttFrame.Faint);
        if (limit is not null)
        {
            var y = HeightOf(Problem.LimitOf(device), bottom);
            output.AppendLine($"""<path d="M{_axis.Left} {y:0.##}h{_axis.Width:0.##}" stroke="{Limit}" stroke-dasharray="4 2"/>""");
            WriteAmount(output, top + 22, "limit", limit, Limit);
        }

        output.Append("</g>\n");
    }

    /// <summary>The steps of what a device holds: of those in one least step the most, then what the last of them leaves.</summary>
    private string Curve(int device, int bottom)
    {
        var steps = Steps(device);
        var curve = new StringBuilder();
        Append($"M{_axis.Left} {bottom}");
        for (var step = 0; step < steps.Count;)
        {
            var column = ColumnOf(steps[step].At);
            var (first, most) = (step, 0L);
            for (; step < steps.Count && ColumnOf(steps[step].At) == column; step++) most = Math.Max(most, steps[step].Held);
            Append($"H{steps[first].At:0.##}V{HeightOf(most, bottom):0.##}");
            if (step - first > 1) Append($"H{steps[step - 1].At:0.##}V{HeightOf(steps[step - 1].Held, bottom):0.##}");
        }

        Append($"H{_axis.Left + _axis.Width:0.##}V{bottom}Z");
        return curve.ToString();

        void Append(FormattableString text) => curve.Append(text.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What a device holds from each pixel of the axis on where that changes, and at the left end.</summary>
    private List<(double At, long Held)> Steps(int device)
    {
        var graph = _timeline.Graph;
        List<(double At, long Held)> steps = [(_axis.Left, 0)];
        var held = 0L;
        foreach (var index in _timeline.Schedule.OrderOf(device))
        {
            Change(_timeline.StartOf(index), graph.Acquired[index]);
            Change(_timeline.EndOf(index), -graph.Released[index]);
        }

        return steps;

        void Change(long time, long units)
        {
            if (units == 0) return;
            held += units;
            var at = _axis.At(time);
            if (at <= _axis.Left) steps[0] = (_axis.Left, held);
            else if (at < _axis.Left + _axis.Width) steps.Add((at, held));
        }
    }

    private long ColumnOf(double at) => (long)((at - _axis.Left) / _leastStep);

    private double HeightOf(long units, int bottom) => bottom - (double)units / _most * (GanttRows.MemoryHeight - 2);

    private string Amount(long units) => decimal.Round(Problem.MemoryScale.FromTicks(units), 3).ToString("0.###", CultureInfo.InvariantCulture);

    private void WriteAmount(IBufferWriter<byte> output, int y, string what, string amount, string colour) => output.AppendLine(
        $"""<text x="{_axis.Left - 10}" y="{y}" font-size="{TextSize}" text-anchor="end" fill="{colour}">{what} {amount}</text>""");
}

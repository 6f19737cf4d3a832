using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>The times that follow from a schedule's order, in ticks from the first start.</summary>
public sealed class Timeline
{
    private readonly long[] _starts;

    internal Timeline(Schedule schedule, long[] starts)
    {
        Schedule = schedule;
        _starts = starts;
    }

    /// <summary>The order that was replayed.</summary>
    public Schedule Schedule { get; }

    /// <summary>The operations that were replayed.</summary>
    public OperationGraph Graph => Schedule.Graph;

    /// <summary>The start of each operation, by index.</summary>
    public ReadOnlySpan<long> Starts => _starts;

    /// <summary>The start of an operation.</summary>
    public long StartOf(int operation) => _starts[operation];

    /// <summary>The end of an operation.</summary>
    public long EndOf(int operation) => _starts[operation] + Graph.Durations[operation];

    /// <summary>
    /// The same times on the devices alone: what other lanes do, and barriers on none, has become lags. The same timeline when there is nothing else.
    /// </summary>
    public Timeline OnDevices()
    {
        var kept = DeviceSelection.KeepCompute(Graph);
        if (kept == Graph) return this;
        var orders = Enumerable.Range(0, kept.Lanes.Count)
            .Select(lane => lane < Graph.Problem.Devices ? Schedule.OrderOf(lane).ToArray().Select(operation => kept.IndexOf(Graph.Operations[operation])).ToArray() : [])
            .ToList();
        var starts = new long[kept.Count];
        for (var operation = 0; operation < starts.Length; operation++) starts[operation] = StartOf(Graph.IndexOf(kept.Operations[operation]));
        return new Timeline(new Schedule(kept, orders), starts);
    }
}

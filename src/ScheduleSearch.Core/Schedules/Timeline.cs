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
}

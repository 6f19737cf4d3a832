using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>What a timeline costs, in ticks and memory units.</summary>
/// <param name="Makespan">Last end minus first start over all devices.</param>
/// <param name="Span">The largest device span: last end minus own first start.</param>
/// <param name="Busy">Busy ticks of each device.</param>
/// <param name="PeakMemory">Most memory units that each device holds at once.</param>
/// <param name="Phases">The phases of each device.</param>
/// <param name="Idle">Idle ticks of each device.</param>
/// <param name="Objective">Makespan or span, whichever the problem is judged by.</param>
public sealed record ScheduleMetrics(
    long Makespan,
    long Span,
    ImmutableArray<long> Busy,
    ImmutableArray<long> PeakMemory,
    ImmutableArray<DevicePhases> Phases,
    ImmutableArray<IdleTime> Idle,
    long Objective)
{
    /// <summary>1 - busy time of the busiest device / objective.</summary>
    public double BubbleRatio => (double)(Objective - Busy.Max()) / Objective;

    /// <summary>1 - mean busy time of the devices / objective.</summary>
    public double MeanIdleRatio => Busy.Average(busy => (double)(Objective - busy)) / Objective;

    /// <summary>Measures a timeline. Cost: linear in the operations.</summary>
    public static ScheduleMetrics Of(Timeline timeline)
    {
        var devices = Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(device => new DeviceUse(timeline, device)).ToList();
        var makespan = devices.Max(device => device.End);
        var span = devices.Max(device => device.End - device.Start);
        var ofMakespan = timeline.Schedule.Problem.Objective == Profiles.Objective.Makespan;
        var phases = devices.ConvertAll(device => ofMakespan ? device.PhasesWithin(0, makespan) : device.PhasesWithin(device.Start, span));
        return new ScheduleMetrics(
            makespan,
            span,
            [.. devices.Select(device => device.Busy)],
            [.. devices.Select(device => device.PeakMemory)],
            [.. phases],
            [.. devices.Zip(phases, (device, itsOwn) => device.IdleOf(itsOwn))],
            ofMakespan ? makespan : span);
    }

    /// <summary>Most memory units that an order holds at once: what an operation frees is free for the next one.</summary>
    public static long PeakMemoryOf(OperationGraph graph, ReadOnlySpan<int> order)
    {
        var (held, peak) = (0L, 0L);
        foreach (var operation in order)
        {
            held += graph.Acquired[operation];
            peak = Math.Max(peak, held);
            held -= graph.Released[operation];
        }

        return peak;
    }

    private sealed class DeviceUse
    {
        private readonly long _firstBackward = long.MaxValue;
        private readonly long _lastForward;
        private readonly List<(long Start, long End)> _busy = [];

        public DeviceUse(Timeline timeline, int device)
        {
            var graph = timeline.Graph;
            var order = timeline.Schedule.OrderOf(device);
            foreach (var operation in order)
            {
                var (start, end) = (timeline.StartOf(operation), timeline.EndOf(operation));
                _busy.Add((start, end));
                Busy += end - start;
                if (graph.Operations[operation].IsForward) _lastForward = Math.Max(_lastForward, end);
                else if (graph.Operations[operation].Facts.Role is not (OperationRole.Restore or OperationRole.Fill))
                    _firstBackward = Math.Min(_firstBackward, start);
            }

            if (_firstBackward == long.MaxValue) _firstBackward = Start;
            PeakMemory = PeakMemoryOf(graph, order);
        }

        public long Start => _busy[0].Start;

        public long End => _busy[^1].End;

        public long Busy { get; }

        public long PeakMemory { get; }

        public DevicePhases PhasesWithin(long start, long length) =>
            new(start, Math.Max(start, _firstBackward), Math.Max(_firstBackward, _lastForward), start + length);

        public IdleTime IdleOf(DevicePhases phases) => new(
            IdleBetween(phases.Begin, phases.Steady), IdleBetween(phases.Steady, phases.CoolDown), IdleBetween(phases.CoolDown, phases.End));

        private long IdleBetween(long from, long to)
        {
            var idle = to - from;
            foreach (var (start, end) in _busy) idle -= Math.Max(0, Math.Min(to, end) - Math.Max(from, start));
            return idle;
        }
    }
}

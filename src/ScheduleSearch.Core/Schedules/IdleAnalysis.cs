using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>Why the devices of a timeline are idle.</summary>
/// <param name="Devices">The causes of each device.</param>
/// <param name="LimitedBy">What they are idle for most, in one sentence that is true of this timeline, without a full stop.</param>
public sealed record IdleAnalysis(ImmutableArray<IdleCauses> Devices, string LimitedBy)
{
    /// <summary>
    /// Examines a timeline. Cost: linear in the operations, that of sorting them where memory is limited, and for each device that of a path through them.
    /// </summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="metrics">What it costs.</param>
    public static IdleAnalysis Of(Timeline timeline, ScheduleMetrics metrics)
    {
        var (most, reasons) = (metrics.Busy.Max(), new StartReasons(timeline));
        ImmutableArray<IdleCauses> devices =
        [
            .. metrics.Busy.Select((busy, device) => new DeviceGaps(timeline, reasons, device, metrics.Phases[device]).Causes().LessWorkOf(most - busy)),
        ];
        return new(devices, LimitSentence.Of(metrics, devices));
    }

    /// <summary>The idle time of a device, gap by gap.</summary>
    private sealed class DeviceGaps(Timeline timeline, StartReasons reasons, int device, DevicePhases phases)
    {
        private readonly MemoryWaits? _memory = MemoryWaits.AreIn(timeline.Schedule.Problem) ? new MemoryWaits(timeline, device) : null;

        public IdleCauses Causes()
        {
            var order = timeline.Schedule.OrderOf(device);
            var (causes, idleSince) = (default(IdleCauses), phases.Begin);
            for (var position = 0; position < order.Length; position++)
            {
                var start = timeline.StartOf(order[position]);
                if (start > idleSince) causes += Gap(idleSince, start, position, order[position]);
                idleSince = timeline.EndOf(order[position]);
            }

            return causes with { CoolDown = causes.CoolDown + phases.End - idleSince };
        }

        /// <summary>A gap before an operation, part by part from its end to its begin: what the operation waits for, what that waits for, and on.</summary>
        private IdleCauses Gap(long from, long to, int position, int operation)
        {
            (long From, long To) memory = _memory?.In(position, from, to) ?? (from, from);
            var causes = new IdleCauses { Memory = memory.To - memory.From };
            while (to > from && reasons.Of(operation) is { } reason)
            {
                operation = reason.Operation;
                Take(Math.Max(from, to - reason.Lag), isSent: true);
                Take(
                    Math.Max(from, timeline.StartOf(reasons.TimedAs(operation))),
                    isSent: timeline.Graph.Operations[operation].Facts.Role == OperationRole.Message);
            }

            Take(from, isSent: false);
            return causes;

            // The part from a time to the end of what is left of the gap.
            void Take(long begin, bool isSent)
            {
                var steady = Without(begin, to, phases.Steady, phases.CoolDown);
                causes += new IdleCauses(
                    WarmUp: Without(begin, to, phases.Begin, phases.Steady),
                    CoolDown: Without(begin, to, phases.CoolDown, phases.End),
                    Input: isSent ? 0 : steady,
                    Communication: isSent ? steady : 0,
                    Memory: 0,
                    LessWork: 0);
                to = begin;
            }

            // The part of a stretch that lies in a phase and in which memory is not what is waited for.
            long Without(long begin, long end, long phase, long next)
            {
                var (low, high) = (Math.Max(begin, phase), Math.Min(end, next));
                return Math.Max(0, high - low) - Math.Max(0, Math.Min(high, memory.To) - Math.Max(low, memory.From));
            }
        }
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// The greedy that ZB-1p and ZB-2p come from, the best of twelve variants. It warms up with as many forwards as memory holds and as
/// fit before the first gradient arrives. Then every round has a sweep of forwards down the devices and a sweep with one input gradient
/// for each device up again. Weight gradients wait: they fill the gaps before an input arrives, or make room in memory.
/// </summary>
/// <remarks>
/// Source: Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, and the repository sail-sg/zero-bubble-pipeline-parallelism,
/// which has eight of the variants and keeps the least span. Here stages and links differ, memory limits are the devices' own, and the
/// least objective is kept. The order of arrival is new: without it devices that share too little memory take turns where
/// they could overlap. A forward that memory has no room for waits until its microbatch's gradient is due; by then its device holds nothing
/// else, so every valid limit is kept.
/// </remarks>
internal sealed class ZeroBubbleAuto : IScheduleFamily
{
    private const int Forward = 0;
    private const int Backward = 1;

    private static readonly bool[] Either = [true, false];

    /// <summary>Which forwards a sweep appends besides those whose gradient is due.</summary>
    private enum ForwardSweep
    {
        /// <summary>One on each device.</summary>
        One,

        /// <summary>One, but none on the devices before one that would keep the next device's gradient waiting.</summary>
        OneUnlessGradientWaits,

        /// <summary>As many as arrive before the gradient, up to the number in flight after the warm-up.</summary>
        InOrderOfArrival,
    }

    public string Name => "zb-auto";

    public string Placement => "linear";

    public string Description =>
        "The greedy behind ZB-1p and ZB-2p on the profile's own times and limits: forwards as memory and the gradients' arrival allow, weight "
        + "gradients in the gaps. The best of twelve variants; holds no more than the limit.";

    public string Conditions => "";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241; github.com/sail-sg/zero-bubble-pipeline-parallelism";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => Variants(problem).MinBy(order => order.Objective)!.Operations;

    private static IEnumerable<GreedyOrder> Variants(Problem problem) =>
        from late in Either
        from sweep in Enum.GetValues<ForwardSweep>()
        from eager in Either
        select new Variant(problem, late, sweep, eager).Run();

    /// <param name="problem">The problem.</param>
    /// <param name="lateWarmUp">Whether the warm-up's last forward may end after the first gradient arrives.</param>
    /// <param name="sweep">Which forwards are appended.</param>
    /// <param name="eagerWeights">Whether a weight gradient may outlast the gap that it fills on a device with little idle time too.</param>
    private sealed class Variant(Problem problem, bool lateWarmUp, ForwardSweep sweep, bool eagerWeights)
    {
        private readonly GreedyOrder _order = new(problem);
        private readonly int[] _warmUp = new int[problem.Devices];
        private readonly int _last = problem.Devices - 1;

        public GreedyOrder Run()
        {
            WarmUp();
            for (var microbatch = 1; microbatch < problem.Microbatches; microbatch++)
            {
                if (sweep == ForwardSweep.InOrderOfArrival) ForwardsInOrderOfArrival(microbatch);
                else Forwards(microbatch);
                Backwards();
            }

            for (var device = 0; device <= _last; device++) _order.AppendWeights(device);
            return _order;
        }

        private void WarmUp()
        {
            for (var device = 0; device <= _last; device++) _order.Append(Forward, device);
            var gradient = _order.Now(_last);
            for (var device = _last; device >= 0; device--) gradient = ChooseWarmUp(device, gradient);
            for (var device = 0; device <= _last; device++)
            {
                if (device > 0) _warmUp[device] = Math.Min(_warmUp[device], MostAfter(device - 1, device));
                while (_order.Count(Forward, device) < _warmUp[device]) _order.Append(Forward, device);
            }

            for (var device = _last; device >= 0; device--) _order.Append(Backward, device);
        }

        /// <summary>Chooses the forwards before the first gradient, and returns when that gradient is with the previous device.</summary>
        private long ChooseWarmUp(int device, long gradient)
        {
            var (forward, activation) = (_order.Duration(Forward, device), _order.Acquired(Forward, device));
            var (now, room) = (_order.Now(device), _order.Room(device));
            _warmUp[device] = 1;
            while (device < _last && _warmUp[device] < problem.Microbatches && activation <= room
                && (lateWarmUp ? now < gradient : now + forward <= gradient))
            {
                _warmUp[device]++;
                (now, room) = (now + forward, room - activation);
            }

            return Math.Max(now, gradient) + _order.Duration(Backward, device) + (device > 0 ? problem.LagBetween(0, device, device - 1) : 0);
        }

        /// <summary>Sweeps of one forward need a microbatch between neighbours in flight.</summary>
        private int MostAfter(int previous, int device) =>
            sweep == ForwardSweep.InOrderOfArrival || _warmUp[device] == problem.Microbatches ? _warmUp[previous] : Math.Max(1, _warmUp[previous] - 1);

        private void Forwards(int microbatch)
        {
            var first = sweep == ForwardSweep.OneUnlessGradientWaits ? FirstThatKeepsNoGradientWaiting() : 0;
            for (var device = 0; device <= _last; device++)
            {
                var due = _order.Count(Forward, device) == microbatch;
                if (due || (device >= first && _order.HasInput(Forward, device) && _order.CanFit(Forward, device))) Append(Forward, device);
            }
        }

        private int FirstThatKeepsNoGradientWaiting()
        {
            var first = _last;
            while (first > 0 && !KeepsGradientWaiting(first - 1)) first--;
            return first;
        }

        private bool KeepsGradientWaiting(int device)
        {
            var next = device + 1;
            if (_order.Count(Forward, device) < _order.Count(Forward, next) + 2) return false;
            var gradient = _order.Now(next) + _order.Duration(Forward, next) + _order.Duration(Backward, next) + problem.LagBetween(0, next, device);
            if (_order.Now(device) >= gradient) return true;
            return _order.EndWithinMemory(Forward, device) > gradient && gradient - _order.Now(device) <= _order.Slack(device);
        }

        private void ForwardsInOrderOfArrival(int microbatch)
        {
            var gradients = Gradients(microbatch);
            for (var device = 0; device <= _last; device++)
            {
                while (_order.HasInput(Forward, device) && (_order.Count(Forward, device) == microbatch || IsBefore(gradients[device], microbatch, device)))
                    Append(Forward, device);
            }
        }

        private bool IsBefore(long gradient, int microbatch, int device) =>
            _order.Count(Forward, device) - microbatch < _warmUp[device] && _order.CanFit(Forward, device)
            && _order.Arrival(Forward, device) <= gradient;

        /// <summary>When a microbatch's gradient is with each device, if no other forwards come before it.</summary>
        private long[] Gradients(int microbatch)
        {
            var (time, gradients) = (0L, new long[problem.Devices]);
            for (var device = 0; device <= _last; device++)
            {
                if (_order.Count(Forward, device) > microbatch) continue;
                var arrival = _order.HasInput(Forward, device) ? _order.Arrival(Forward, device) : time + problem.LagBetween(0, device - 1, device);
                time = Math.Max(arrival + _order.Duration(Forward, device), _order.EndWithinMemory(Forward, device));
            }

            for (var device = _last; device >= 0; device--)
            {
                gradients[device] = time;
                time = Math.Max(time, _order.Now(device)) + _order.Duration(Backward, device) + (device > 0 ? problem.LagBetween(0, device, device - 1) : 0);
            }

            return gradients;
        }

        private void Backwards()
        {
            for (var device = _last; device > 0; device--) Append(Backward, device);
            // Nothing waits for the first device's gradients once it has no forwards left.
            if (_order.Count(Forward, 0) == problem.Microbatches) _order.AppendWeights(0);
            Append(Backward, 0);
        }

        private void Append(int leg, int device)
        {
            var gap = _order.Fill(leg, device);
            if (gap > 0 && _order.HasWeight(device) && (eagerWeights || gap > _order.Slack(device))) _order.AppendWeight(device);
            _order.Append(leg, device);
        }
    }
}

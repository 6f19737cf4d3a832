using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

internal sealed class ZeroBubbleAuto : IScheduleFamily
{
    private const int Forward = 0;
    private const int Backward = 1;

    private static readonly bool[] Either = [true, false];

    public string Name => "zb-auto";

    public string Placement => "linear";

    public string Description => "";

    public string Conditions => "";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241; github.com/sail-sg/zero-bubble-pipeline-parallelism";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => Variants(problem).MinBy(order => order.Cost)!.Operations;

    public static IEnumerable<GreedyOrder> Variants(Problem problem) =>
        from bubbleFirst in Either
        from backwardFirst in Either
        from eagerWeights in Either
        select new Variant(problem, bubbleFirst, backwardFirst, eagerWeights).Run();

    private sealed class Variant(Problem problem, bool bubbleFirst, bool backwardFirst, bool eagerWeights)
    {
        private readonly GreedyOrder _order = new(problem);

        public GreedyOrder Run()
        {
            WarmUp();
            for (var microbatch = 1; microbatch < problem.Microbatches; microbatch++)
            {
                Forwards(microbatch);
                Backwards();
            }

            for (var device = 0; device < problem.Devices; device++) _order.AppendWeights(device);
            return _order;
        }

        private void WarmUp()
        {
            var last = problem.Devices - 1;
            for (var device = 0; device <= last; device++) _order.Append(Forward, device);

            var further = new int[problem.Devices];
            var gradient = _order.Now(last) + _order.Duration(Backward, last);
            for (var device = last - 1; device >= 0; device--)
            {
                gradient += problem.Lag(device + 1, device);
                var (now, room) = (_order.Now(device), _order.Room(device));
                while (further[device] + 1 < problem.Microbatches && _order.Acquired(Forward, device) <= room
                    && (bubbleFirst ? now + _order.Duration(Forward, device) <= gradient : now < gradient))
                {
                    now += _order.Duration(Forward, device);
                    room -= _order.Acquired(Forward, device);
                    further[device]++;
                }

                gradient = Math.Max(now, gradient) + _order.Duration(Backward, device);
            }

            for (var device = 0; device <= last; device++)
            {
                if (device > 0) further[device] = Math.Min(further[device], 1 + further[device] < problem.Microbatches ? Math.Max(0, further[device - 1] - 1) : further[device - 1]);
                for (var forward = 0; forward < further[device]; forward++) _order.Append(Forward, device);
            }

            for (var device = last; device >= 0; device--) _order.Append(Backward, device);
        }

        private void Forwards(int microbatch)
        {
            var postponed = Postponed();
            for (var device = 0; device < problem.Devices; device++)
            {
                var due = _order.Count(Forward, device) == microbatch;
                if (!_order.HasInput(Forward, device) || (!due && (device < postponed || !_order.CanFit(Forward, device)))) continue;
                Fill(Forward, device);
                _order.Append(Forward, device);
            }
        }

        private int Postponed()
        {
            if (!backwardFirst) return 0;
            for (var device = problem.Devices - 2; device >= 0; device--)
            {
                if (Postpones(device)) return device + 1;
            }

            return 0;
        }

        private bool Postpones(int device)
        {
            var next = device + 1;
            if (_order.Count(Forward, device) < _order.Count(Forward, next) + 2) return false;
            var gradient = _order.Now(next) + _order.Duration(Forward, next) + _order.Duration(Backward, next) + problem.Lag(next, device);
            if (_order.Now(device) >= gradient) return true;
            if (_order.EndWithinMemory(Forward, device) <= gradient) return false;
            return gradient - _order.Now(device) <= _order.MostIdle - _order.Idle(device);
        }

        private void Backwards()
        {
            for (var device = problem.Devices - 1; device >= 0; device--)
            {
                Fill(Backward, device);
                if (device == 0 && _order.Count(Forward, device) == problem.Microbatches) _order.AppendWeights(device);
                _order.Append(Backward, device);
            }
        }

        private void Fill(int leg, int device)
        {
            var gap = _order.Fill(leg, device);
            if (gap > 0 && _order.HasWeight(device) && (eagerWeights || gap > _order.MostIdle - _order.Idle(device))) _order.AppendWeight(device);
        }
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

internal sealed class ZeroBubbleVAuto : IScheduleFamily
{
    private const int ForwardDown = 0;
    private const int ForwardUp = 1;
    private const int BackwardDown = 2;
    private const int BackwardUp = 3;

    private static readonly bool[] Either = [true, false];

    public string Name => "zb-v-auto";

    public string Placement => "v";

    public string Description => "";

    public string Conditions => "";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241; github.com/sail-sg/zero-bubble-pipeline-parallelism";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => Variants(problem).MinBy(order => order.Cost)!.Operations;

    public static IEnumerable<GreedyOrder> Variants(Problem problem)
    {
        foreach (var fillForwards in Either)
        {
            foreach (var fillBackwards in Either)
            {
                long[]? allowed = null;
                while (true)
                {
                    var order = new Variant(problem, R, fillForwards, fillBackwards, allowed).Run();
                    yield return order;
                    if (allowed is not null && order.MostIdle >= allowed.Max()) break;
                    allowed = [.. Enumerable.Range(0, problem.Devices).Select(order.Idle)];
                    Rounds++;
                }
            }
        }
    }

    public static int Rounds; public static bool R;

    private sealed class Variant(Problem problem, bool reserves, bool fillForwards, bool fillBackwards, long[]? allowed)
    {
        private readonly GreedyOrder _order = new(problem);
        private readonly long _mostAllowed = allowed?.Max() ?? 0;
        private readonly int _last = problem.Devices - 1;

        public GreedyOrder Run()
        {
            WarmUp();
            while (Enumerable.Range(0, problem.Devices).Any(device => _order.Count(BackwardUp, device) < problem.Microbatches))
            {
                Backwards();
                Forwards();
            }

            for (var device = 0; device <= _last; device++) _order.AppendWeights(device);
            return _order;
        }

        private void WarmUp()
        {
            for (var device = 0; device <= _last; device++) _order.Append(ForwardDown, device);
            for (var device = _last; device >= 0; device--)
            {
                while (device < _last && _order.Count(ForwardDown, device) < problem.Microbatches
                    && _order.Now(device) + _order.Duration(ForwardDown, device) <= _order.Arrival(ForwardUp, device)
                    && Enumerable.Range(0, device + 1).All(first => Fits(first, 1 + device, 1 + device)))
                {
                    for (var first = 0; first <= device; first++) _order.Append(ForwardDown, first);
                }

                _order.Append(ForwardUp, device);
            }

            var leg = ForwardDown;
            for (var device = 1; device <= _last; device++)
            {
                for (var refused = 0; refused < 2 && IsBehind(device); leg = 1 - leg)
                {
                    refused++;
                    for (var next = _last; next >= device; next--)
                    {
                        if (!_order.HasInput(leg, next) || !MayHold(leg, next)) continue;
                        _order.Append(leg, next);
                        refused = 0;
                    }
                }
            }
        }

        private bool IsBehind(int device)
        {
            int Forwards(int on) => _order.Count(ForwardDown, on) + _order.Count(ForwardUp, on);
            return Forwards(device) < Forwards(device - 1)
                || (_order.Count(ForwardUp, device) <= _order.Count(ForwardUp, device - 1) && _order.Count(ForwardUp, device - 1) < problem.Microbatches);
        }

        private bool Fits(int device, int down, int up) =>
            down * _order.Acquired(ForwardDown, device) + up * _order.Acquired(ForwardUp, device) <= _order.Room(device);

        private void Backwards()
        {
            var up = new bool[problem.Devices];
            for (var device = 0; device <= _last; device++) up[device] = TurnsUp(device);
            for (var device = _last; device >= 0; device--)
            {
                if (up[device]) Backward(BackwardUp, device, mayFill: true);
            }

            for (var device = 0; device <= _last; device++)
            {
                if (!up[device]) Backward(BackwardDown, device, fillBackwards);
            }
        }

        private bool TurnsUp(int device)
        {
            if (_order.Count(BackwardUp, device) >= _order.Count(BackwardDown, device)) return false;
            return _order.HasInput(BackwardUp, device) || _order.Count(BackwardDown, device) >= problem.Microbatches;
        }

        private void Backward(int leg, int device, bool mayFill)
        {
            if (_order.HasInput(leg, device)) Append(leg, device, mayFill);
        }

        private void Forwards()
        {
            for (var device = 0; device <= _last; device++)
            {
                var leg = _order.HasInput(ForwardUp, device) ? ForwardUp : ForwardDown;
                if (_order.HasInput(leg, device) && MayHold(leg, device)) Append(leg, device, fillForwards);
            }
        }

        private bool MayHold(int leg, int device)
        {
            if (leg == ForwardUp) return _order.CanFit(leg, device);
            if (reserves) return _order.CanFit(leg, device, _order.Acquired(ForwardUp, device));
            var waiting = _order.Count(ForwardDown, device) + 1 - _order.Count(ForwardUp, device);
            return _order.CanFit(leg, device)
                && waiting * _order.Acquired(ForwardDown, device) + _order.Acquired(ForwardUp, device) <= problem.LimitOf(device);
        }

        private void Append(int leg, int device, bool mayFill)
        {
            var gap = _order.Fill(leg, device);
            if (mayFill && gap > Math.Max(_order.MostIdle, allowed is null ? 0 : _mostAllowed - allowed[device]) - _order.Idle(device) && _order.HasWeight(device)) _order.AppendWeight(device);
            _order.Append(leg, device);
        }
    }
}

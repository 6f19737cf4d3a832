using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// The greedy that ZB-V's automatic schedules come from, the best of eight variants. It warms up with as many forwards as memory holds
/// and as fit before the first microbatch is back, then appends in turn an input gradient and a forward on each device: those of the way
/// up as soon as they are there, else those of the way down. Weight gradients wait: they fill gaps, or make room in memory.
/// </summary>
/// <remarks>
/// Source: Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, and the repository sail-sg/zero-bubble-pipeline-parallelism,
/// which has four of the variants and keeps the least bubble. Here stages and links differ, memory limits are the devices' own, and the
/// least objective is kept. A forward of the way down must leave room for one of the way up once all that are after
/// it in the V are done: the oldest microbatch can then always go on, so every valid limit is kept. Sharing memory out between the two
/// ways is new: below 1F1B's memory, forwards of the way down would fill the first devices.
/// </remarks>
internal sealed class ZeroBubbleVAuto : IScheduleFamily
{
    private const int ForwardDown = 0;
    private const int ForwardUp = 1;
    private const int BackwardDown = 2;
    private const int BackwardUp = 3;

    /// <summary>How often a variant is repeated with the idle times of the last try, each time less, before it is left as it is.</summary>
    private const int MostRepeats = 4;

    private static readonly bool[] Either = [true, false];

    public string Name => "zb-v-auto";

    public string Placement => "v";

    public string Description =>
        "The greedy behind ZB-V's automatic schedules on the profile's own times and limits: an input gradient and a forward on each device in "
        + "turn, weight gradients in the gaps. The best of eight variants; holds no more than the limit.";

    public string Conditions => "With profile.recompute, or more retained than activation: memory for all that a microbatch will hold.";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241; github.com/sail-sg/zero-bubble-pipeline-parallelism";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) =>
        Enumerable.Range(0, problem.Devices).All(device =>
            problem.Placement.StagesOn(device).Sum(stage => problem.MostHeld[stage.Stage]) <= problem.LimitOf(device))
            ? null
            : "Plans with all that a microbatch will hold, which is more than this memory has room for: raise the limit.";

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => Variants(problem).MinBy(order => order.Objective)!.Operations;

    private static IEnumerable<GreedyOrder> Variants(Problem problem)
    {
        var variants =
            from shares in problem.Limit.IsEmpty ? [false] : Either
            from fillForwards in Either
            from fillBackwards in Either
            select (shares, fillForwards, fillBackwards);
        foreach (var (shares, fillForwards, fillBackwards) in variants)
        {
            GreedyOrder Try(long[] allowed) => new Variant(problem, shares, fillForwards, fillBackwards, allowed).Run();
            var order = Try(new long[problem.Devices]);
            yield return order;
            for (var (repeat, most) = (0, long.MaxValue); repeat < MostRepeats && order.MostIdle < most; repeat++)
            {
                most = order.MostIdle;
                order = Try([.. Enumerable.Range(0, problem.Devices).Select(order.Idle)]);
                yield return order;
            }
        }
    }

    /// <param name="problem">The problem.</param>
    /// <param name="shares">Whether forwards that are on their way down may take a share of the memory only.</param>
    /// <param name="fillForwards">Whether a weight gradient may outlast the gap before a forward.</param>
    /// <param name="fillBackwards">Whether a weight gradient may outlast the gap before a gradient on its way down.</param>
    /// <param name="allowed">Idle time of each device in an earlier try: a device that had little of it may have as much as the others.</param>
    private sealed class Variant(Problem problem, bool shares, bool fillForwards, bool fillBackwards, long[] allowed)
    {
        private readonly GreedyOrder _order = new(problem);
        private readonly long _mostAllowed = allowed.Max();
        private readonly bool[] _isUp = new bool[problem.Devices];
        private readonly int _last = problem.Devices - 1;

        public GreedyOrder Run()
        {
            WarmUpDown();
            WarmUpBehind();
            while (_order.Count(BackwardUp, 0) < problem.Microbatches)
            {
                Backwards();
                Forwards();
            }

            for (var device = 0; device <= _last; device++) _order.AppendWeights(device);
            return _order;
        }

        /// <summary>The first microbatch goes down and up; forwards go down while it is on its way, as memory and time allow.</summary>
        private void WarmUpDown()
        {
            for (var device = 0; device <= _last; device++) _order.Append(ForwardDown, device);
            for (var device = _last; device >= 0; device--)
            {
                while (IsBeforeFirstUp(device))
                {
                    for (var above = 0; above <= device; above++) _order.Append(ForwardDown, above);
                }

                _order.Append(ForwardUp, device);
            }
        }

        /// <summary>Whether another forward fits on a device before the first microbatch is back, with room on it and those above for what follows.</summary>
        private bool IsBeforeFirstUp(int device)
        {
            if (device == _last || _order.Count(ForwardDown, device) == problem.Microbatches) return false;
            if (_order.Now(device) + _order.Duration(ForwardDown, device) > _order.Arrival(ForwardUp, device)) return false;
            for (var above = 0; above <= device; above++)
            {
                var pair = _order.Acquired(ForwardDown, above) + _order.Acquired(ForwardUp, above);
                if (pair > _order.Room(above) / (1 + device)) return false;
            }

            return true;
        }

        /// <summary>Forwards of both ways in turn, until each device has done as many as the one above it.</summary>
        private void WarmUpBehind()
        {
            var leg = ForwardDown;
            for (var device = 1; device <= _last; device++)
            {
                for (var refused = 0; refused < 2 && IsBehind(device); leg = 1 - leg)
                {
                    refused++;
                    for (var below = _last; below >= device; below--)
                    {
                        if (!MayAppend(leg, below)) continue;
                        _order.Append(leg, below);
                        refused = 0;
                    }
                }
            }
        }

        private bool IsBehind(int device)
        {
            int Forwards(int on) => _order.Count(ForwardDown, on) + _order.Count(ForwardUp, on);
            var above = _order.Count(ForwardUp, device - 1);
            return Forwards(device) < Forwards(device - 1) || (_order.Count(ForwardUp, device) <= above && above < problem.Microbatches);
        }

        /// <summary>One gradient on each device: first all of the way up, then the others.</summary>
        private void Backwards()
        {
            for (var device = 0; device <= _last; device++) _isUp[device] = _order.HasInput(BackwardUp, device);
            for (var device = _last; device >= 0; device--)
            {
                if (_isUp[device]) Append(BackwardUp, device, mayOutlast: true);
            }

            for (var device = 0; device <= _last; device++)
            {
                if (!_isUp[device] && _order.HasInput(BackwardDown, device)) Append(BackwardDown, device, fillBackwards);
            }
        }

        private void Forwards()
        {
            for (var device = 0; device <= _last; device++)
            {
                var leg = _order.HasInput(ForwardUp, device) ? ForwardUp : ForwardDown;
                if (MayAppend(leg, device)) Append(leg, device, fillForwards);
            }
        }

        private bool MayAppend(int leg, int device)
        {
            if (!_order.HasInput(leg, device) || !_order.CanFit(leg, device)) return false;
            if (leg == ForwardUp) return true;
            var (down, up) = (_order.Acquired(ForwardDown, device), _order.Acquired(ForwardUp, device));
            var waiting = _order.Count(ForwardDown, device) - _order.Count(ForwardUp, device);
            if (!shares) return (waiting + 1) * down + up <= problem.LimitOf(device);
            // At equal times (p - d) / 2p of the memory in use belongs to microbatches on their way down: half as much again may.
            return _order.CanFit(leg, device, beside: up)
                && (waiting == 0 || waiting * down < 0.75m * problem.LimitOf(device) * (problem.Devices - device) / problem.Devices);
        }

        private void Append(int leg, int device, bool mayOutlast)
        {
            var gap = _order.Fill(leg, device);
            var slack = Math.Max(_order.Slack(device), _mostAllowed - allowed[device] - _order.Idle(device));
            if (mayOutlast && gap > slack && _order.HasWeight(device)) _order.AppendWeight(device);
            _order.Append(leg, device);
        }
    }
}

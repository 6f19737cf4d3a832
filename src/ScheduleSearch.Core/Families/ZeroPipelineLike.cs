using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// A reconstruction of ZeroPP, of which the abstract alone was read: units of U microbatches, each closed before the next begins. In a unit
/// a device does the forwards chunk by chunk and the input gradients chunk by chunk in reverse; weight gradients fill the slots in which it
/// would wait, and what is left of them ends the unit. A device holds at most Uv chunks, and chunks' weights are gathered about 2vm/U
/// times. The order is that of operations of one slot each. For F = B = W on all stages, no latency and at least p microbatches in every unit,
/// the last one too, the makespan is 3mv + 2(p - 1) for each unit, in chunk operations. Source: Tang et al., ZeroPP, arXiv:2402.03791.
/// </summary>
/// <param name="unitSize">U; null for the least number of microbatches from 2p - 1 on, where a unit's bubble is least, that makes units of equal size.</param>
internal sealed class ZeroPipelineLike(int? unitSize = null) : IScheduleFamily
{
    public string Name => unitSize is { } size ? $"zeropp-like-{size}" : "zeropp-like";

    public string Placement => "interleaved";

    public string Description =>
        $"A reconstruction of ZeroPP: units of {(unitSize is { } size ? $"{size}" : "at least 2p - 1")} microbatches, "
        + "forwards and input gradients chunk by chunk, weight gradients "
        + "in the gaps, each unit closed before the next. A device holds at most v chunks for each microbatch of a unit.";

    public string Conditions => "";

    public string Source => "after Tang et al., ZeroPP, arXiv:2402.03791";

    public bool SplitsBackward => true;

    public FamilyParameter Parameter { get; } =
        new("unitSize", "Microbatches of a unit: memory grows with it and the bubble shrinks. Default: equal units of 2p - 1 or more.");

    public IScheduleFamily WithParameter(int parameter) => new ZeroPipelineLike(parameter);

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => new Slots(problem, unitSize ?? EqualUnits(problem)).Run();

    private static int EqualUnits(Problem problem)
    {
        var units = Math.Max(1, problem.Microbatches / (2 * problem.Devices - 1));
        return (problem.Microbatches + units - 1) / units;
    }

    private sealed class Slots
    {
        private readonly Problem _problem;
        private readonly int _unitSize;
        private readonly List<Operation>[] _orders;
        private readonly Operation[][] _plans;
        private readonly int[] _next;
        private readonly Queue<Operation>[] _pending;
        private readonly Dictionary<Operation, int> _ends = [];

        public Slots(Problem problem, int unitSize)
        {
            (_problem, _unitSize) = (problem, unitSize);
            var devices = Enumerable.Range(0, problem.Devices).ToList();
            _orders = [.. devices.Select(_ => new List<Operation>())];
            _plans = [.. devices.Select(device => Plan(device).ToArray())];
            _pending = [.. devices.Select(_ => new Queue<Operation>())];
            _next = new int[problem.Devices];
        }

        public List<Operation>[] Run()
        {
            var left = 3 * _problem.Stages * _problem.Microbatches;
            for (var now = 0; left > 0; now++)
            {
                for (var device = 0; device < _problem.Devices; device++)
                {
                    if (TryPlanned(device, now) || TryWeight(device)) left--;
                }
            }

            return _orders;
        }

        /// <summary>Forwards and input gradients of a device, unit by unit.</summary>
        private IEnumerable<Operation> Plan(int device)
        {
            var stages = _problem.Placement.StagesOn(device).Select(stage => stage.Stage).ToList();
            foreach (var unit in Enumerable.Range(0, _problem.Microbatches).Chunk(_unitSize))
            {
                foreach (var stage in stages)
                {
                    foreach (var microbatch in unit) yield return Operation.Forward(stage, microbatch);
                }

                foreach (var stage in stages.AsEnumerable().Reverse())
                {
                    foreach (var microbatch in unit) yield return Operation.BackwardInput(stage, microbatch);
                }
            }
        }

        private bool TryPlanned(int device, int now)
        {
            if (_next[device] == _plans[device].Length) return false;
            var operation = _plans[device][_next[device]];
            var opensUnit = operation.IsForward && _next[device] % (2 * _unitSize * (_problem.Stages / _problem.Devices)) == 0;
            if ((opensUnit && _pending[device].Count > 0) || InputOf(operation) is { } input && _ends.GetValueOrDefault(input, int.MaxValue) > now)
                return false;
            _next[device]++;
            _orders[device].Add(operation);
            _ends[operation] = now + 1;
            if (!operation.IsForward) _pending[device].Enqueue(operation with { Kind = OperationKind.BackwardWeight });
            return true;
        }

        private bool TryWeight(int device)
        {
            if (!_pending[device].TryDequeue(out var weight)) return false;
            _orders[device].Add(weight);
            return true;
        }

        private Operation? InputOf(Operation operation) => operation switch
        {
            { Kind: OperationKind.Forward, Stage: 0 } => null,
            { Kind: OperationKind.Forward } => operation with { Stage = operation.Stage - 1 },
            _ when operation.Stage == _problem.Stages - 1 => operation with { Kind = OperationKind.Forward },
            _ => operation with { Stage = operation.Stage + 1 },
        };
    }
}

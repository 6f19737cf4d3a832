using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Microbatches run down and up the devices in waves: whenever a device is free it takes a backward if there is one, else a forward, of the
/// lowest microbatch, and holds at most vp chunks, the activations of p microbatches. With that limit alone many microbatches come to wait for
/// each other, so a forward also leaves room for the deeper chunks. The order is that of forwards of one slot and backwards of two. A bubble
/// of 4(p - 1) chunk operations is the least for small cases (p = m = 2 to 4 with one wave, p = m = 4 with two) and not always reached: 36, 61
/// and 65 slots for p = 4 with one wave and m = 4, two and 4, one and 8, of which 36, 60 and 60 are possible. Source: Liu et al., Hanayo, arXiv:2308.15762.
/// </summary>
internal sealed class Hanayo : IScheduleFamily
{
    private const int BackwardSlots = 2;

    public string Name => "hanayo";

    public string Placement => "wave";

    public string Description =>
        "Waves of two chunks a device, backwards first, without a second replica of the weights. About 6wm + 4(p - 1) operations "
        + "of a chunk for w waves, m = p, "
        + "B + W = 2F and no latency; a device holds at most vp chunks, the activations of p microbatches.";

    public string Conditions => "";

    public string Source => "Liu et al., Hanayo, arXiv:2308.15762";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => new Slots(problem).Run();

    private sealed class Slots(Problem problem)
    {
        private readonly List<Operation>[] _orders = [.. Enumerable.Range(0, problem.Devices).Select(_ => new List<Operation>())];
        private readonly PriorityQueue<Operation, (int StepsLeft, int Microbatch)>[] _ready =
            [.. Enumerable.Range(0, problem.Devices).Select(_ => new PriorityQueue<Operation, (int StepsLeft, int Microbatch)>())];

        /// <summary>What ends in each of the next slots, taken in turn: no operation is longer than a backward.</summary>
        private readonly List<Operation>[] _ending = [.. Enumerable.Range(0, BackwardSlots + 1).Select(_ => new List<Operation>())];
        private readonly int[] _free = new int[problem.Devices];
        private readonly int[] _held = new int[problem.Devices];

        public List<Operation>[] Run()
        {
            for (var microbatch = 0; microbatch < problem.Microbatches; microbatch++) Arrive(Operation.Forward(0, microbatch));
            var left = 2 * problem.Stages * problem.Microbatches;
            for (var now = 0; left > 0; now++)
            {
                var ended = _ending[now % _ending.Length];
                foreach (var operation in ended)
                {
                    if (Next(operation) is { } next) Arrive(next);
                }

                ended.Clear();
                for (var device = 0; device < problem.Devices; device++)
                {
                    if (_free[device] <= now && TryStart(device, now)) left--;
                }
            }

            return _orders;
        }

        /// <summary>Of what is ready, the furthest on its way is a backward if there is one, and of the lowest microbatch.</summary>
        private void Arrive(Operation operation)
        {
            var stepsLeft = operation.IsForward ? 2 * problem.Stages - operation.Stage : operation.Stage;
            _ready[problem.Placement.DeviceOf(0, operation.Stage)].Enqueue(operation, (stepsLeft, operation.Microbatch));
        }

        private bool TryStart(int device, int now)
        {
            if (!_ready[device].TryPeek(out var operation, out _) || (operation.IsForward && !HasRoom(device, operation.Stage))) return false;
            _orders[device].Add(_ready[device].Dequeue());
            _held[device] += operation.IsForward ? 1 : -1;
            _free[device] = now + (operation.IsForward ? 1 : BackwardSlots);
            _ending[_free[device] % _ending.Length].Add(operation);
            return true;
        }

        /// <summary>
        /// A forward leaves room for one of each deeper chunk, or microbatches might wait for each other; less deep ones then have none
        /// either.
        /// </summary>
        private bool HasRoom(int device, int stage)
        {
            var deeper = (problem.Stages - 1 - stage) / problem.Devices;
            return _held[device] + deeper < problem.Stages;
        }

        private Operation? Next(Operation operation) => operation switch
        {
            { IsForward: true } when operation.Stage == problem.Stages - 1 => operation with { Kind = OperationKind.Backward },
            { IsForward: true } => operation with { Stage = operation.Stage + 1 },
            { Stage: 0 } => null,
            _ => operation with { Stage = operation.Stage - 1 },
        };
    }
}

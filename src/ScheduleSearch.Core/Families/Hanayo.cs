using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Microbatches run down and up the devices in waves: whenever a device is free it takes a backward if there is one, else a forward, of the
/// lowest microbatch, and holds at most vp chunks, the activations of p microbatches. The order is that of forwards of one slot and
/// backwards of two. A bubble of 4(p - 1) chunk operations is the least for small cases (p = m = 2 to 4 with one wave, p = m = 4 with two)
/// and not always reached: 36, 61 and 65 slots for p = 4 with one wave and m = 4, two and 4, one and 8, of which 36, 60 and 60 are
/// possible. Source: Liu et al., Hanayo, arXiv:2308.15762.
/// </summary>
internal sealed class Hanayo : IScheduleFamily
{
    private const int BackwardSlots = 2;

    public string Name => "hanayo";

    public string Placement => "wave";

    public string Description =>
        "Waves of two chunks a device, backwards first, without a second replica of the weights. About 6wm + 4(p - 1) operations of a chunk for w waves, m = p, "
        + "B + W = 2F and no latency; a device holds at most vp chunks, the activations of p microbatches.";

    public string Conditions => "";

    public string Source => "Liu et al., Hanayo, arXiv:2308.15762";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => new Slots(problem).Run();

    private sealed class Slots(Problem problem)
    {
        private const int Never = int.MaxValue;

        private readonly List<Operation>[] _orders = [.. Enumerable.Range(0, problem.Devices).Select(_ => new List<Operation>())];
        private readonly int[] _free = new int[problem.Devices];
        private readonly int[] _held = new int[problem.Devices];
        private readonly int[] _forwards = new int[problem.Stages];
        private readonly int[] _backwards = new int[problem.Stages];
        private readonly int[][] _forwardEnds = Ends(problem);
        private readonly int[][] _backwardEnds = Ends(problem);

        public List<Operation>[] Run()
        {
            var left = 2 * problem.Stages * problem.Microbatches;
            for (var now = 0; left > 0; now++)
            {
                for (var device = 0; device < problem.Devices; device++)
                {
                    if (_free[device] <= now && (TryBackward(device, now) || TryForward(device, now))) left--;
                }
            }

            return _orders;
        }

        private bool TryBackward(int device, int now)
        {
            if (First(device, _backwards, stage => GradientAt(stage) <= now) is not { } stage) return false;
            var microbatch = _backwards[stage]++;
            _orders[device].Add(Operation.Backward(stage, microbatch));
            _free[device] = _backwardEnds[stage][microbatch] = now + BackwardSlots;
            _held[device]--;
            return true;
        }

        private bool TryForward(int device, int now)
        {
            if (_held[device] == problem.Stages || First(device, _forwards, stage => InputAt(stage) <= now && HasRoom(device, stage)) is not { } stage) return false;
            var microbatch = _forwards[stage]++;
            _orders[device].Add(Operation.Forward(stage, microbatch));
            _free[device] = _forwardEnds[stage][microbatch] = now + 1;
            _held[device]++;
            return true;
        }

        /// <summary>A forward leaves the oldest microbatch that has some left on the device room for them, or microbatches might wait for each other.</summary>
        private bool HasRoom(int device, int stage)
        {
            var stages = problem.Placement.StagesOn(device);
            var oldest = _forwards[stages[^1].Stage];
            return _forwards[stage] == oldest || stages.Sum(other => Math.Max(1, _forwards[other.Stage] - oldest)) < problem.Stages;
        }

        /// <summary>The stage of the lowest microbatch that is ready; the deeper one of two.</summary>
        private int? First(int device, int[] next, Func<int, bool> isReady)
        {
            int? first = null;
            foreach (var (_, stage) in problem.Placement.StagesOn(device))
            {
                if (next[stage] < problem.Microbatches && isReady(stage) && (first is not { } other || next[stage] <= next[other])) first = stage;
            }

            return first;
        }

        private int InputAt(int stage) => stage == 0 ? 0 : _forwardEnds[stage - 1][_forwards[stage]];

        private int GradientAt(int stage) =>
            stage == problem.Stages - 1 ? _forwardEnds[stage][_backwards[stage]] : _backwardEnds[stage + 1][_backwards[stage]];

        private static int[][] Ends(Problem problem)
        {
            var ends = new int[problem.Stages][];
            for (var stage = 0; stage < ends.Length; stage++) Array.Fill(ends[stage] = new int[problem.Microbatches], Never);
            return ends;
        }
    }
}

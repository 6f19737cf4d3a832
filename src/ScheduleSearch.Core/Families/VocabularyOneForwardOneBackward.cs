using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B around an output layer in shards: every device repeats a forward, a pass before the barrier, a backward and a pass after it, each as early as the
/// repetition allows, so that one microbatch more is in flight for each barrier. For equal stages device d holds min(p - d + 1, m) microbatches with
/// one barrier and one more with two. Source: Yeung et al., Balancing Pipeline Parallelism with Vocabulary Parallelism, arXiv:2411.05288.
/// </summary>
/// <remarks>
/// The times of the repetition are the longest of all stages, so that all devices have one period. An order of such times is an order of any: what each
/// operation waits for starts before it.
/// </remarks>
internal sealed class VocabularyOneForwardOneBackward : IScheduleFamily
{
    /// <summary>Why a problem whose output layer is whole does not admit the families of shards.</summary>
    internal const string WhyNotWhole = "Set vocabulary.parallel to one-barrier or two-barriers: its order is about an output layer in shards.";

    public string Name => "vocab-1f1b";

    public string Placement => "linear";

    public string Description =>
        "A forward, a pass before the barrier, a backward and a pass after it in turn; device d holds min(p - d + 1, m) microbatches with one barrier, one "
        + "more with two.";

    public string Conditions => "An output layer in shards (vocabulary.parallel).";

    public string Source => "Yeung et al., Vocabulary Parallelism, arXiv:2411.05288";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => problem.VocabularyBarriers == 0 ? WhyNotWhole : null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => new Repetition(problem).Orders();

    /// <summary>When each device does what for the first microbatch, in ticks; each later one follows a period after the one before.</summary>
    private sealed class Repetition
    {
        private readonly Problem _problem;
        private readonly int _devices;
        private readonly long _period;
        private readonly long[] _forward;
        private readonly long[] _before;
        private readonly long[] _after;
        private readonly long[] _backward;
        private readonly long[] _input;

        public Repetition(Problem problem)
        {
            (_problem, _devices) = (problem, problem.Devices);
            var (forward, before, after) = (problem.Forward.Max(), problem.VocabularyForward.Max(), problem.VocabularyBackward.Max());
            var input = problem.EmbedsInShards ? problem.VocabularyInput.Max() : 0;
            var backward = Enumerable.Range(0, _devices).Max(device => problem.WorkOnStage(device) - problem.Forward[device]
                - problem.VocabularyForward[device] - problem.VocabularyBackward[device] - problem.VocabularyInput[device]);
            _period = Math.Max(1, forward + before + backward + after + input);
            _forward = new long[_devices];
            for (var device = 1; device < _devices; device++) _forward[device] = _forward[device - 1] + forward + problem.LagBetween(0, device - 1, device);

            // With two barriers the backward waits for the pass after the first one, which so comes before it in every turn.
            var (passAfter, whole) = problem.VocabularyBarriers == 1
                ? (forward + before + backward, forward + before)
                : (forward + before, forward + before + after);
            _before = Each(device => FromOn(_forward[device] + forward, _forward[^1] + forward + problem.Lag(_devices - 1, device)));
            var barrier = _before.Max() + before + problem.VocabularyBarrier;
            _after = Each(device => FromOn(_forward[device] + passAfter, barrier));
            if (problem.VocabularyBarriers > 1) barrier = _after.Max() + after + problem.VocabularyBarrier;
            _backward = new long[_devices];
            for (var device = _devices - 1; device >= 0; device--)
            {
                _backward[device] = FromOn(_forward[device] + whole, barrier);
                if (device > 0) barrier = _backward[device] + backward + problem.LagBetween(0, device, device - 1);
            }

            // The last place of a turn, in the last turn that ends before the first forward.
            _input = Each(device => FromOn(_forward[device] - input, 1 - input - problem.VocabularyBarrier - _period));
        }

        public IReadOnlyList<Operation>[] Orders() => [.. Enumerable.Range(0, _devices).Select(OnDevice)];

        private Operation[] OnDevice(int device)
        {
            var kinds = new List<(OperationKind Kind, long Start)>
            {
                (OperationKind.Forward, _forward[device]), (OperationKind.VocabularyForward, _before[device]),
                (OperationKind.VocabularyBackward, _after[device]), (OperationKind.Backward, _backward[device]),
            };
            if (_problem.EmbedsInShards) kinds.Insert(0, (OperationKind.VocabularyInput, _input[device]));
            return
            [
                .. from microbatch in Enumerable.Range(0, _problem.Microbatches)
                   from kind in kinds
                   orderby kind.Start + microbatch * _period, microbatch
                   select new Operation(kind.Kind, 0, device, microbatch),
            ];
        }

        /// <summary>The first of all starts that are periods from a given one which is no earlier than another.</summary>
        private long FromOn(long start, long earliest)
        {
            var turns = (earliest - start) / _period;
            var first = start + turns * _period;
            while (first < earliest) first += _period;
            while (first - _period >= earliest) first -= _period;
            return first;
        }

        private long[] Each(Func<int, long> ofDevice) => [.. Enumerable.Range(0, _devices).Select(ofDevice)];
    }
}

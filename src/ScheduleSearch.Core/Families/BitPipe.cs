using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Two pipes of two chunks, each a V from either end, in units of p microbatches. On every device the forwards of a unit follow one fixed
/// sequence of its four chunks, the backwards another, and the two are merged as in 1F1B. For equal stages without latency the makespan
/// is 4m + p - 2 forwards of a chunk when B + W = F and 6m + (p - 2)(m/p + 1) when B + W = 2F; device d holds
/// 3p/2 + 1 + min(d, p - 1 - d) chunks. Source: Wu et al., BitPipe, arXiv:2410.19367, and the repository wuhouming/BitPipe.
/// </summary>
internal sealed class BitPipe : IScheduleFamily
{
    public string Name => "bitpipe";

    public string Placement => "bidirectional";

    public string Description =>
        "Two pipes, each a V from either end, merged in units of p microbatches. Makespan 6m + (p - 2)(m/p + 1) forwards of a chunk for equal stages "
        + "with B + W = 2F and no latency; device d holds 3p/2 + 1 + min(d, p - 1 - d) chunks and the weights of four stages. Streams "
        + "all-reduce a stage's gradients after its last backward, as for every schedule of two pipes: that is BitPipe's eager synchronisation.";

    public string Conditions => "Two chunks, an even number of devices, microbatches a multiple of devices.";

    public string Source => "Wu et al., BitPipe, arXiv:2410.19367; github.com/wuhouming/BitPipe";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => TwoPipes.BrokenShape(problem, chunks: 2) ?? TwoPipes.BrokenUnits(problem);

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(problem, device))];

    private static List<Operation> OnDevice(Problem problem, int device)
    {
        var (devices, units) = (problem.Devices, problem.Microbatches / problem.Devices);
        var chunks = new Chunks(devices, device);
        var forwards = Numbered(problem, OperationKind.Forward, chunks.Forwards(), units);
        var backwards = Numbered(problem, OperationKind.Backward, chunks.Backwards(), units);
        var warmUp = 3 * devices / 2 + Math.Min(device, devices - 1 - device);
        var pairs = 2 * devices - warmUp;
        List<Operation> order = [];
        void Take(Queue<Operation> operations, int count)
        {
            for (var turn = 0; turn < count; turn++) order.Add(operations.Dequeue());
        }

        void TakePairs(int count)
        {
            for (var turn = 0; turn < count; turn++) order.AddRange(forwards.Dequeue(), backwards.Dequeue());
        }

        Take(forwards, warmUp);
        TakePairs(pairs);
        for (var unit = 1; unit < units; unit++)
        {
            Take(backwards, warmUp - pairs + 1);
            TakePairs(pairs - 1);
            Take(forwards, warmUp - pairs + 1);
            TakePairs(pairs);
        }

        Take(backwards, warmUp);
        return order;
    }

    /// <summary>The operations of all units in a sequence of chunks, each on its chunk's next microbatch.</summary>
    private static Queue<Operation> Numbered(Problem problem, OperationKind kind, IReadOnlyList<StageOfPipe> sequence, int units)
    {
        var counts = sequence.Distinct().ToDictionary(chunk => chunk, _ => 0);
        return new(Enumerable.Repeat(sequence, units).SelectMany(unit => unit).Select(chunk => problem.OperationOf(kind, chunk, counts[chunk]++)));
    }

    /// <summary>The four chunks of a device: on the way in and on the way out of the pipe that begins nearer to it, and of the other.</summary>
    private sealed class Chunks
    {
        private readonly StageOfPipe _nearIn, _nearOut, _farIn, _farOut;
        private readonly int _ahead;
        private readonly int _behind;

        public Chunks(int devices, int device)
        {
            var fromEnd = Math.Min(device, devices - 1 - device);
            var near = device == fromEnd ? 0 : 1;
            (_nearIn, _nearOut) = (new(near, fromEnd), new(near, 2 * devices - 1 - fromEnd));
            (_farIn, _farOut) = (new(1 - near, devices - 1 - fromEnd), new(1 - near, devices + fromEnd));
            (_ahead, _behind) = (devices / 2 - fromEnd, fromEnd);
        }

        /// <summary>The chunks of a unit's forwards: the near pipe is some microbatches ahead on its way in, and behind on its way out.</summary>
        public IReadOnlyList<StageOfPipe> Forwards() =>
        [
            .. Times(_ahead, _nearIn), .. Times(_behind, _farIn, _nearIn), .. Times(_ahead, _farIn, _farOut), .. Times(_behind, _nearOut, _farOut),
            .. Times(_ahead, _nearOut),
        ];

        /// <summary>The chunks of a unit's backwards: as the forwards, from the way out to the way in.</summary>
        public IReadOnlyList<StageOfPipe> Backwards() =>
        [
            .. Times(_ahead, _nearOut), .. Times(_behind, _farOut, _nearOut), .. Times(_ahead, _farOut, _farIn), .. Times(_behind, _nearIn, _farIn),
            .. Times(_ahead, _nearIn),
        ];

        private static IEnumerable<StageOfPipe> Times(int count, params StageOfPipe[] chunks) => Enumerable.Repeat(chunks, count).SelectMany(turn => turn);
    }
}

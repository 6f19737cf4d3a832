using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>When each device of a linear pipeline does what for the first microbatch, in ticks; each later one follows a period after the one before.</summary>
/// <remarks>
/// The times are the longest of all stages, so that all devices have one period. An order of such times is an order of any: what each operation waits for
/// starts before it.
/// </remarks>
internal sealed class VocabularyRepetition
{
    private readonly Problem _problem;
    private readonly long _forwardTicks, _beforeTicks, _afterTicks, _backwardTicks, _inputTicks;
    private readonly long[] _forward, _before, _after, _backward, _input;
    private long _period;

    private VocabularyRepetition(Problem problem)
    {
        _problem = problem;
        (_forwardTicks, _beforeTicks, _afterTicks) = (problem.Forward.Max(), problem.VocabularyForward.Max(), problem.VocabularyBackward.Max());
        _inputTicks = problem.EmbedsInShards ? problem.VocabularyInput.Max() : 0;
        _backwardTicks = Enumerable.Range(0, problem.Devices).Max(device => problem.WorkOnStage(device) - problem.Forward[device]
            - problem.VocabularyForward[device] - problem.VocabularyBackward[device] - problem.VocabularyInput[device]);
        _period = Math.Max(1, _forwardTicks + _beforeTicks + _backwardTicks + _afterTicks + _inputTicks);
        (_forward, _before, _after, _backward, _input) = (OfDevices(), OfDevices(), OfDevices(), OfDevices(), OfDevices());

        long[] OfDevices() => new long[problem.Devices];
    }

    private int Last => _problem.Devices - 1;

    /// <summary>Every device repeats a forward, a pass before the barrier, a backward and a pass after it, each as early as that allows.</summary>
    public static VocabularyRepetition Staggered(Problem problem)
    {
        var repetition = new VocabularyRepetition(problem);
        repetition.Stagger();
        return repetition;
    }

    /// <summary>
    /// All devices pass over their shards at the same time, both passes without anything between them. Between two such times they have a forward and a
    /// backward, in turn the one and the other first from the last device on, so that a microbatch goes up two stages in a period.
    /// </summary>
    public static VocabularyRepetition Interlaced(Problem problem)
    {
        var repetition = new VocabularyRepetition(problem);
        repetition.Interlace();
        return repetition;
    }

    /// <summary>For each device its operations in the order of those times.</summary>
    public IReadOnlyList<Operation>[] Orders() => [.. Enumerable.Range(0, _problem.Devices).Select(OnDevice)];

    private void Stagger()
    {
        for (var device = 1; device <= Last; device++) _forward[device] = _forward[device - 1] + _forwardTicks + LagBelow(device);

        // With two barriers the backward waits for the pass after the first one, which so comes before it in every turn.
        var (passAfter, whole) = _problem.VocabularyBarriers == 1
            ? (_forwardTicks + _beforeTicks + _backwardTicks, _forwardTicks + _beforeTicks)
            : (_forwardTicks + _beforeTicks, _forwardTicks + _beforeTicks + _afterTicks);
        Set(_before, device => FromOn(_forward[device] + _forwardTicks, _forward[^1] + _forwardTicks + _problem.Lag(Last, device)));
        var barrier = _before.Max() + _beforeTicks + _problem.VocabularyBarrier;
        Set(_after, device => FromOn(_forward[device] + passAfter, barrier));
        if (_problem.VocabularyBarriers > 1) barrier = _after.Max() + _afterTicks + _problem.VocabularyBarrier;
        for (var device = Last; device >= 0; device--)
        {
            _backward[device] = FromOn(_forward[device] + whole, barrier);
            barrier = _backward[device] + _backwardTicks + LagBelow(device);
        }

        // The last place of a turn.
        Set(_input, device => FromOn(_forward[device] - _inputTicks, EarliestInput()));
    }

    private void Interlace()
    {
        // The last device's output comes just before the passes, and nothing overlaps with its way.
        var begin = Enumerable.Range(0, _problem.Devices).Max(device => _problem.Lag(Last, device));
        _period += begin + _problem.VocabularyBarriers * _problem.VocabularyBarrier;
        var end = begin + _beforeTicks + _afterTicks + _problem.VocabularyBarriers * _problem.VocabularyBarrier;
        Array.Fill(_before, begin);
        Array.Fill(_after, begin + _beforeTicks + _problem.VocabularyBarrier);
        var (forward, backward) = (0L, end);
        for (var device = Last; device >= 0; device--)
        {
            var isBackwardFirst = (Last - device) % 2 == 0;
            // The last start in its part of a period that ends in time for the device after it.
            _forward[device] = FromOn(isBackwardFirst ? end + _backwardTicks : end, forward - _forwardTicks - _period + 1);
            _backward[device] = FromOn(isBackwardFirst ? end : end + _forwardTicks, backward);
            (forward, backward) = (_forward[device] - LagBelow(device), _backward[device] + _backwardTicks + LagBelow(device));
        }

        Array.Fill(_input, FromOn(-_inputTicks, EarliestInput()));
    }

    /// <summary>From then on the first start of the embedding in a period ends, with the barrier, no later than the first forward begins.</summary>
    private long EarliestInput() => _forward[0] + 1 - _inputTicks - _problem.VocabularyBarrier - _period;

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

    private void Set(long[] starts, Func<int, long> ofDevice)
    {
        for (var device = 0; device < starts.Length; device++) starts[device] = ofDevice(device);
    }

    /// <summary>Ticks of a message between a device and the one before it; 0 for the first.</summary>
    private long LagBelow(int device) => device == 0 ? 0 : _problem.LagBetween(0, device - 1, device);
}

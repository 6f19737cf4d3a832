using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>A rule that a schedule breaks.</summary>
/// <param name="Rule"><c>placement</c>, <c>completeness</c>, <c>split</c>, <c>overlap</c>, <c>duration</c>, <c>lane</c>, <c>dependency</c> or <c>memory</c>.</param>
/// <param name="Device">The device on which it is broken.</param>
/// <param name="Position">Position in the device's order, from 0; -1 when an operation is missing.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
public readonly record struct Violation(string Rule, int Device, int Position, string Message);

/// <summary>
/// Checks schedules against rules derived from the profile alone. On purpose it shares no code with the operation graph, replay or
/// search, so that it cannot share their mistakes.
/// </summary>
public sealed class Verifier
{
    private const int MostViolations = 20;
    private const long Absent = long.MinValue;

    private readonly Problem _problem;
    private readonly IReadOnlyList<IReadOnlyList<TimedOperation>> _devices;
    private readonly List<Violation> _violations = [];
    private readonly long[][] _starts;
    private readonly long[][] _ends;

    private Verifier(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices)
    {
        (_problem, _devices) = (problem, devices);
        var cells = problem.Placement.Pipes * problem.Stages * problem.Microbatches * problem.SliceCount;
        _starts = [.. Enum.GetValues<OperationKind>().Select(_ => Filled(cells))];
        _ends = [.. Enum.GetValues<OperationKind>().Select(_ => Filled(cells))];
    }

    /// <summary>The rules that timed operations break, at most the first 20; none when the schedule is valid.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="devices">For each device its operations with times, in execution order.</param>
    public static IReadOnlyList<Violation> Check(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices)
    {
        var verifier = new Verifier(problem, devices);
        verifier.CheckMembers();
        if (verifier._violations.Count == 0) verifier.CheckTimes();
        return verifier._violations;
    }

    /// <summary>
    /// The rules that an order breaks whatever its times: operations missing, repeated, not of this problem or on the wrong device, and
    /// memory. An order that breaks none may still deadlock.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="devices">For each device its operations in execution order.</param>
    public static IReadOnlyList<Violation> CheckOrder(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> devices)
    {
        var verifier = new Verifier(problem, [.. devices.Select(order => order.Select(operation => new TimedOperation(operation, 0, 0)).ToArray())]);
        verifier.CheckMembers();
        if (verifier._violations.Count == 0) verifier.CheckMemory();
        return verifier._violations;
    }

    /// <summary>
    /// Every stage of the pipe that a microbatch runs down has its forward, for each slice, and either a fused backward or both halves, once,
    /// where the stage stands; and a recompute where the profile asks for one.
    /// </summary>
    private void CheckMembers()
    {
        if (_devices.Count != _problem.Devices)
        {
            Report("completeness", 0, -1, $"{_devices.Count} devices are listed; the profile has {_problem.Devices}.");
            return;
        }

        ForEach((device, position, timed) => CheckMember(device, position, timed));
        if (_violations.Count > 0) return;
        ForEach(CheckPair);
        var pipeOf = Enumerable.Repeat(-1, _problem.Microbatches).ToArray();
        ForEach((device, position, timed) =>
        {
            ref var pipe = ref pipeOf[timed.Operation.Microbatch];
            if (pipe >= 0 && pipe != timed.Operation.Pipe)
                Report("completeness", device, position, $"The {timed.Operation} runs in pipe {timed.Operation.Pipe}; other operations of its microbatch run in pipe {pipe}.");
            else pipe = timed.Operation.Pipe;
        });
        for (var microbatch = 0; microbatch < _problem.Microbatches; microbatch++)
        {
            for (var stage = 0; stage < _problem.Stages; stage++)
            {
                for (var slice = 0; slice < _problem.SliceCount; slice++)
                    CheckComplete(new Operation(OperationKind.Forward, Math.Max(pipeOf[microbatch], 0), stage, microbatch) { Slice = slice });
            }
        }
    }

    private void CheckMember(int device, int position, TimedOperation timed)
    {
        var (kind, pipe, stage, microbatch) = timed.Operation;
        if (!Enum.IsDefined(kind))
        {
            Report("completeness", device, position, $"Kind {(int)kind} is no kind of operation.");
            return;
        }

        if (pipe < 0 || pipe >= _problem.Placement.Pipes || stage < 0 || stage >= _problem.Stages
            || microbatch < 0 || microbatch >= _problem.Microbatches || timed.Operation.Slice < 0 || timed.Operation.Slice >= _problem.SliceCount
            || (kind == OperationKind.Recompute && !_problem.Recomputes(stage)))
        {
            Report("completeness", device, position, $"The {timed.Operation} does not exist in this problem.");
            return;
        }

        var home = _problem.Placement.DeviceOf(pipe, stage);
        if (home != device) Report("placement", device, position, $"The {timed.Operation} belongs to device {home}.");
        if (!_problem.SplitBackward && kind is OperationKind.BackwardInput or OperationKind.BackwardWeight)
            Report("split", device, position, $"The {timed.Operation} is half a backward, which splitBackward: false rules out.");
        var cell = Cell(timed.Operation);
        if (_starts[(int)kind][cell] != Absent) Report("completeness", device, position, $"The {timed.Operation} stands twice.");
        (_starts[(int)kind][cell], _ends[(int)kind][cell]) = (timed.Start, timed.End);
    }

    /// <summary>The two of an overlapped pair stand side by side, the forward first.</summary>
    private void CheckPair(int device, int position, TimedOperation timed)
    {
        var kind = timed.Operation.Kind;
        if (kind is not (OperationKind.OverlappedForward or OperationKind.OverlappedBackward)) return;
        if (_problem.SliceCount > 1) Report("overlap", device, position, $"The {timed.Operation} overlaps, which slices do not.");
        var (place, partner) = kind == OperationKind.OverlappedForward
            ? (position + 1, OperationKind.OverlappedBackward)
            : (position - 1, OperationKind.OverlappedForward);
        var order = _devices[device];
        if (place < 0 || place >= order.Count || order[place].Operation.Kind != partner)
            Report("overlap", device, position, $"The {timed.Operation} does not stand beside the other half of its pair.");
    }

    private void CheckComplete(Operation forward)
    {
        var (_, pipe, stage, microbatch) = forward;
        var device = _problem.Placement.DeviceOf(pipe, stage);
        var cell = Cell(forward);
        bool Has(OperationKind kind) => _starts[(int)kind][cell] != Absent;
        void Missing(OperationKind kind) => Report("completeness", device, -1, $"The {forward with { Kind = kind }} is missing.");
        void Twice(string what) => Report("completeness", device, -1, $"Stage {stage}, microbatch {microbatch} has {what}.");

        if (!Has(OperationKind.Forward) && !Has(OperationKind.OverlappedForward)) Missing(OperationKind.Forward);
        if (Has(OperationKind.Forward) && Has(OperationKind.OverlappedForward)) Twice("a forward alone and one in a pair");
        if (_problem.Recomputes(stage) && !Has(OperationKind.Recompute)) Missing(OperationKind.Recompute);
        var (input, weight) = (Has(OperationKind.BackwardInput), Has(OperationKind.BackwardWeight));
        var (alone, paired) = (Has(OperationKind.Backward), Has(OperationKind.OverlappedBackward));
        if (alone && paired) Twice("a backward alone and one in a pair");
        if (alone || paired)
        {
            if (input || weight) Twice("a fused backward and a half of it too");
        }
        else if (!input && !weight)
        {
            Missing(OperationKind.Backward);
        }
        else if (!input || !weight)
        {
            Missing(input ? OperationKind.BackwardWeight : OperationKind.BackwardInput);
        }
    }

    private void CheckTimes()
    {
        ForEach((device, position, timed) =>
        {
            CheckDuration(device, position, timed);
            CheckLane(device, position, timed);
            CheckDependencies(device, position, timed);
        });
        CheckMemory();
    }

    private void CheckDuration(int device, int position, TimedOperation timed)
    {
        var (stage, slice) = (timed.Operation.Stage, timed.Operation.Slice);
        var duration = timed.Operation.Kind switch
        {
            OperationKind.Forward => _problem.ForwardOf(stage, slice),
            OperationKind.BackwardInput => _problem.BackwardInputOf(stage, slice),
            OperationKind.BackwardWeight => _problem.BackwardWeightOf(stage, slice),
            OperationKind.Backward => _problem.BackwardInputOf(stage, slice) + _problem.BackwardWeightOf(stage, slice),
            OperationKind.Recompute => _problem.RecomputeTime[stage],
            OperationKind.OverlappedForward => _problem.Overlapped(stage, _devices[device][position + 1].Operation.Stage),
            _ => 0,
        };
        if (timed.Start < 0 || timed.End - timed.Start != duration)
            Report("duration", device, position, $"The {timed.Operation} runs from {Time(timed.Start)} to {Time(timed.End)}; it takes {Time(duration)}.");
    }

    private void CheckLane(int device, int position, TimedOperation timed)
    {
        if (position == 0) return;
        var previous = _devices[device][position - 1];
        if (timed.Start < previous.End)
            Report("lane", device, position, $"The {timed.Operation} starts at {Time(timed.Start)}, before the {previous.Operation} ends at {Time(previous.End)}.");
    }

    private void CheckDependencies(int device, int position, TimedOperation timed)
    {
        var operation = timed.Operation;
        // The two of a pair start together, at the start of the forward.
        var start = operation.Kind == OperationKind.OverlappedBackward ? _devices[device][position - 1].Start : timed.Start;
        void After(Operation other, string what, params ReadOnlySpan<OperationKind> kinds)
        {
            var ready = long.MinValue;
            foreach (var kind in kinds) ready = Math.Max(ready, _ends[(int)kind][Cell(other)]);
            if (other.Stage != operation.Stage) ready += _problem.Lag(_problem.Placement.DeviceOf(other.Pipe, other.Stage), device);
            if (start < ready)
                Report("dependency", device, position, $"The {operation} starts at {Time(start)}; its {what} from stage {other.Stage} is there at {Time(ready)}.");
        }

        switch (operation.Kind)
        {
            case OperationKind.Forward or OperationKind.OverlappedForward:
                if (operation.Stage > 0) After(operation with { Stage = operation.Stage - 1 }, "input", OperationKind.Forward, OperationKind.OverlappedForward);
                if (operation.Slice > 0) After(operation with { Slice = operation.Slice - 1 }, "keys and values", OperationKind.Forward);
                break;
            case OperationKind.Recompute:
                After(operation, "kept activation", OperationKind.Forward, OperationKind.OverlappedForward);
                break;
            case OperationKind.BackwardWeight:
                After(operation, "output gradient", OperationKind.BackwardInput);
                break;
            default:
                After(operation, "activation", OperationKind.Forward, OperationKind.OverlappedForward, OperationKind.Recompute);
                if (operation.Slice < _problem.SliceCount - 1)
                    After(operation with { Slice = operation.Slice + 1 }, "gradient of keys and values", OperationKind.BackwardInput, OperationKind.Backward);
                if (operation.Stage < _problem.Stages - 1)
                    After(operation with { Stage = operation.Stage + 1 }, "gradient", OperationKind.BackwardInput, OperationKind.Backward, OperationKind.OverlappedBackward);
                break;
        }
    }

    /// <summary>A device's order decides what it holds: an operation's release is there for the next one.</summary>
    private void CheckMemory()
    {
        for (var device = 0; device < _devices.Count; device++)
        {
            var (held, limit) = (0L, _problem.LimitOf(device));
            for (var position = 0; position < _devices[device].Count; position++)
            {
                var operation = _devices[device][position].Operation;
                held += TakenBy(operation);
                if (held > limit)
                {
                    Report("memory", device, position, $"Device {device} holds {Memory(held)} from its operation {position} on; the limit is {Memory(limit)}.");
                    break;
                }

                held -= FreedBy(operation);
            }
        }
    }

    private long TakenBy(Operation operation) => operation.Kind switch
    {
        OperationKind.Forward or OperationKind.OverlappedForward => _problem.ActivationOf(operation.Stage, operation.Slice) + _problem.KeyValue[operation.Stage],
        OperationKind.Recompute => _problem.Activation[operation.Stage] - _problem.Kept[operation.Stage],
        _ => 0,
    };

    private long FreedBy(Operation operation)
    {
        var (stage, slice) = (operation.Stage, operation.Slice);
        // Keys and values of all slices stay for the backwards of the slices before them.
        var keysAndValues = slice == 0 ? _problem.SliceCount * _problem.KeyValue[stage] : 0;
        return operation.Kind switch
        {
            OperationKind.Forward or OperationKind.OverlappedForward => _problem.Recomputes(stage) ? _problem.Activation[stage] - _problem.Kept[stage] : 0,
            OperationKind.BackwardInput => _problem.ActivationOf(stage, slice) - _problem.RetainedOf(stage, slice) + keysAndValues,
            OperationKind.BackwardWeight => _problem.RetainedOf(stage, slice),
            OperationKind.Backward or OperationKind.OverlappedBackward => _problem.ActivationOf(stage, slice) + keysAndValues,
            _ => 0,
        };
    }

    private void ForEach(Action<int, int, TimedOperation> check)
    {
        for (var device = 0; device < _devices.Count; device++)
        {
            for (var position = 0; position < _devices[device].Count; position++) check(device, position, _devices[device][position]);
        }
    }

    private void Report(string rule, int device, int position, string message)
    {
        if (_violations.Count < MostViolations) _violations.Add(new Violation(rule, device, position, message));
    }

    private int Cell(Operation operation) =>
        ((operation.Pipe * _problem.Stages + operation.Stage) * _problem.Microbatches + operation.Microbatch) * _problem.SliceCount + operation.Slice;

    private decimal Time(long ticks) => _problem.TimeScale.FromTicks(ticks);

    private decimal Memory(long units) => _problem.MemoryScale.FromTicks(units);

    private static long[] Filled(int cells)
    {
        var values = new long[cells];
        Array.Fill(values, Absent);
        return values;
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>A rule that a schedule breaks.</summary>
/// <param name="Rule"><c>placement</c>, <c>completeness</c>, <c>split</c>, <c>duration</c>, <c>lane</c>, <c>dependency</c> or <c>memory</c>.</param>
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
        var cells = problem.Placement.Pipes * problem.Stages * problem.Microbatches;
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

    /// <summary>Every stage and microbatch has its forward and either a fused backward or both halves, once, where the stage stands.</summary>
    private void CheckMembers()
    {
        if (_devices.Count != _problem.Devices)
        {
            Report("completeness", 0, -1, $"{_devices.Count} devices are listed; the profile has {_problem.Devices}.");
            return;
        }

        ForEach((device, position, timed) => CheckMember(device, position, timed));
        if (_violations.Count > 0) return;
        var pipeOf = Enumerable.Repeat(-1, _problem.Microbatches).ToArray();
        foreach (var timed in _devices.SelectMany(order => order)) pipeOf[timed.Operation.Microbatch] = timed.Operation.Pipe;
        for (var microbatch = 0; microbatch < _problem.Microbatches; microbatch++)
        {
            for (var stage = 0; stage < _problem.Stages; stage++) CheckComplete(Math.Max(pipeOf[microbatch], 0), stage, microbatch);
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
            || microbatch < 0 || microbatch >= _problem.Microbatches)
        {
            Report("completeness", device, position, $"The {timed.Operation} does not exist in this problem.");
            return;
        }

        var home = _problem.Placement.DeviceOf(pipe, stage);
        if (home != device) Report("placement", device, position, $"The {timed.Operation} belongs to device {home}.");
        if (!_problem.SplitBackward && kind is OperationKind.BackwardInput or OperationKind.BackwardWeight)
            Report("split", device, position, $"The {timed.Operation} is half a backward, which splitBackward: false rules out.");
        var cell = Cell(pipe, stage, microbatch);
        if (_starts[(int)kind][cell] != Absent) Report("completeness", device, position, $"The {timed.Operation} stands twice.");
        (_starts[(int)kind][cell], _ends[(int)kind][cell]) = (timed.Start, timed.End);
    }

    private void CheckComplete(int pipe, int stage, int microbatch)
    {
        var device = _problem.Placement.DeviceOf(pipe, stage);
        var cell = Cell(pipe, stage, microbatch);
        bool Has(OperationKind kind) => _starts[(int)kind][cell] != Absent;
        void Missing(OperationKind kind) =>
            Report("completeness", device, -1, $"The {new Operation(kind, pipe, stage, microbatch)} is missing.");

        if (!Has(OperationKind.Forward)) Missing(OperationKind.Forward);
        var (input, weight) = (Has(OperationKind.BackwardInput), Has(OperationKind.BackwardWeight));
        if (Has(OperationKind.Backward))
        {
            if (input || weight) Report("completeness", device, -1, $"Stage {stage}, microbatch {microbatch} has a fused backward and a half of it too.");
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
        var stage = timed.Operation.Stage;
        var duration = timed.Operation.Kind switch
        {
            OperationKind.Forward => _problem.Forward[stage],
            OperationKind.BackwardInput => _problem.BackwardInput[stage],
            OperationKind.BackwardWeight => _problem.BackwardWeight[stage],
            _ => _problem.BackwardInput[stage] + _problem.BackwardWeight[stage],
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
        var (kind, pipe, stage, microbatch) = timed.Operation;
        void After(int other, long end, string what)
        {
            var ready = end + _problem.Lag(_problem.Placement.DeviceOf(pipe, other), device);
            if (timed.Start < ready)
                Report("dependency", device, position, $"The {timed.Operation} starts at {Time(timed.Start)}; its {what} from stage {other} is there at {Time(ready)}.");
        }

        switch (kind)
        {
            case OperationKind.Forward when stage > 0:
                After(stage - 1, _ends[(int)OperationKind.Forward][Cell(pipe, stage - 1, microbatch)], "input");
                break;
            case OperationKind.BackwardWeight:
                After(stage, _ends[(int)OperationKind.BackwardInput][Cell(pipe, stage, microbatch)], "output gradient");
                break;
            case OperationKind.BackwardInput or OperationKind.Backward:
                After(stage, _ends[(int)OperationKind.Forward][Cell(pipe, stage, microbatch)], "activation");
                if (stage == _problem.Stages - 1) break;
                var next = Cell(pipe, stage + 1, microbatch);
                After(stage + 1, Math.Max(_ends[(int)OperationKind.BackwardInput][next], _ends[(int)OperationKind.Backward][next]), "gradient");
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
                var (kind, _, stage, _) = _devices[device][position].Operation;
                if (kind == OperationKind.Forward) held += _problem.Activation[stage];
                if (held > limit)
                {
                    Report("memory", device, position, $"Device {device} holds {Memory(held)} from its operation {position} on; the limit is {Memory(limit)}.");
                    break;
                }

                held -= kind switch
                {
                    OperationKind.BackwardInput => _problem.Activation[stage] - _problem.Retained[stage],
                    OperationKind.BackwardWeight => _problem.Retained[stage],
                    OperationKind.Backward => _problem.Activation[stage],
                    _ => 0,
                };
            }
        }
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

    private int Cell(int pipe, int stage, int microbatch) => (pipe * _problem.Stages + stage) * _problem.Microbatches + microbatch;

    private decimal Time(long ticks) => _problem.TimeScale.FromTicks(ticks);

    private decimal Memory(long units) => _problem.MemoryScale.FromTicks(units);

    private static long[] Filled(int cells)
    {
        var values = new long[cells];
        Array.Fill(values, Absent);
        return values;
    }
}

using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>A schedule while it is verified: its operations by device, when each one starts and ends, and the rules found broken so far.</summary>
public sealed class VerifiedSchedule
{
    private const int MostViolations = 20;
    private const long Absent = long.MinValue;

    private readonly IReadOnlyList<IReadOnlyList<TimedOperation>> _devices;
    private readonly ImmutableArray<ScheduleRules> _rules;
    private readonly List<Violation> _violations = [];
    private readonly int _kinds = OperationKinds.All.Count;
    private readonly long[] _ends;
    private readonly Dictionary<Operation, long> _endsOfOthers = [];

    internal VerifiedSchedule(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices, ImmutableArray<ScheduleRules> rules, bool hasTimes)
    {
        HasTimes = hasTimes;
        (Problem, _devices, _rules) = (problem, devices, rules);
        var cells = problem.Placement.Pipes * problem.Stages * problem.Microbatches * problem.SliceCount;
        _ends = new long[cells * _kinds];
        Array.Fill(_ends, Absent);
    }

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <summary>Whether its times are verified too; an order alone may leave lanes out that serve what is ready first.</summary>
    public bool HasTimes { get; }

    internal IReadOnlyList<Violation> Violations => _violations;

    /// <summary>The operation of a device at a position; null outside its list.</summary>
    public TimedOperation? At(int device, int position) => position >= 0 && position < _devices[device].Count ? _devices[device][position] : null;

    /// <summary>Whether the schedule has an operation.</summary>
    public bool Has(Operation operation) => operation.Facts.IsOfMicrobatch
        ? _ends[Cell(operation) + (int)operation.Kind] != Absent
        : _endsOfOthers.ContainsKey(operation);

    /// <summary>The end of an operation, alone or in a pair; the least number when there is none.</summary>
    public long EndOf(Operation operation)
    {
        if (!operation.Facts.IsOfMicrobatch) return _endsOfOthers.GetValueOrDefault(operation, Absent);
        var (cell, end) = (Cell(operation), Absent);
        foreach (var form in OperationKinds.FormsOf(operation.Kind)) end = Math.Max(end, _ends[cell + (int)form]);
        return end;
    }

    /// <summary>The tick at which what a port hands over is there for its reader, by all rules.</summary>
    public long ReadyOf(Port port, Operation maker, Operation reader)
    {
        var ready = Absent;
        foreach (var rules in _rules) ready = rules.ReadyOf(this, port, maker, reader, ready);
        return ready;
    }

    /// <summary>Reports an operation that begins before something that it needs is there.</summary>
    /// <param name="placed">The operation.</param>
    /// <param name="begin">When it begins.</param>
    /// <param name="what">What it needs, as messages name it.</param>
    /// <param name="stage">The stage that this comes from.</param>
    /// <param name="ready">The tick from which it is there.</param>
    public void CheckNeed(in PlacedOperation placed, long begin, string what, int stage, long ready)
    {
        if (begin >= ready) return;
        Report(
            "dependency", placed.Device, placed.Position,
            $"The {placed.Operation} starts at {Time(begin)}; its {what} from stage {stage} is there at {Time(ready)}.");
    }

    /// <summary>Notes that a rule is broken.</summary>
    /// <param name="rule">The rule, as <see cref="Violation"/> names it.</param>
    /// <param name="device">The device on which it is broken.</param>
    /// <param name="position">Position in the device's order; -1 when an operation is missing.</param>
    /// <param name="message">What is wrong, in one sentence.</param>
    public void Report(string rule, int device, int position, string message)
    {
        if (_violations.Count < MostViolations) _violations.Add(new Violation(rule, device, position, message));
    }

    /// <summary>A time in the profile's unit, for messages.</summary>
    public decimal Time(long ticks) => Problem.TimeScale.FromTicks(ticks);

    internal void Enter(Operation operation, long end)
    {
        if (operation.Facts.IsOfMicrobatch) _ends[Cell(operation) + (int)operation.Kind] = end;
        else _endsOfOthers[operation] = end;
    }

    internal void ForEach(Check check)
    {
        for (var device = 0; device < _devices.Count; device++)
        {
            var operations = _devices[device];
            for (var position = 0; position < operations.Count; position++) check(new PlacedOperation(device, position, operations[position]));
        }
    }

    /// <summary>Where the ends of a stage's operations on a slice of a microbatch stand side by side, by kind: most rules read several of them.</summary>
    private int Cell(Operation operation) =>
        _kinds * (((operation.Pipe * Problem.Stages + operation.Stage) * Problem.Microbatches + operation.Microbatch) * Problem.SliceCount + operation.Slice);

    internal delegate void Check(in PlacedOperation placed);
}

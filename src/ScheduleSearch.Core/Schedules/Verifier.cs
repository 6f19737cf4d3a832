using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// Checks schedules against rules derived from the profile alone. On purpose it shares no code with the operation graph, replay or
/// search, so that it cannot share their mistakes.
/// </summary>
public sealed class Verifier
{
    private readonly Problem _problem;
    private readonly IReadOnlyList<IReadOnlyList<TimedOperation>> _devices;
    private readonly ImmutableArray<ScheduleRules> _rules;
    private readonly VerifiedSchedule _schedule;
    private readonly TimedOperation?[] _lastOfCompute;
    private readonly Dictionary<Lane, TimedOperation?> _lastOfLane = [];

    private Verifier(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices, bool hasTimes)
    {
        (_problem, _devices, _lastOfCompute) = (problem, devices, new TimedOperation?[problem.Devices]);
        var features = problem.Catalogue.All.OfType<IRuledFeature>();
        _rules = [new StageRules(problem), .. features.Select(feature => feature.RulesOf(problem)).OfType<ScheduleRules>()];
        _schedule = new VerifiedSchedule(problem, devices, _rules, hasTimes);
    }

    /// <summary>The rules that timed operations break, at most the first 20; none when the schedule is valid.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="devices">For each device its operations with times: those of each of its lanes in execution order.</param>
    public static IReadOnlyList<Violation> Check(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices)
    {
        var verifier = new Verifier(problem, devices, hasTimes: true);
        verifier.CheckMembers();
        if (verifier._schedule.Violations.Count == 0) verifier.CheckTimes();
        return verifier._schedule.Violations;
    }

    /// <summary>
    /// The rules that an order breaks whatever its times: operations missing, repeated, not of this problem or on the wrong device, and
    /// memory. An order that breaks none may still deadlock.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="devices">For each device its operations in execution order; those of lanes that serve what is ready first may be left out.</param>
    public static IReadOnlyList<Violation> CheckOrder(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> devices)
    {
        var verifier = new Verifier(
            problem, [.. devices.Select(order => order.Select(operation => new TimedOperation(operation, 0, 0)).ToArray())], hasTimes: false);
        verifier.CheckMembers();
        if (verifier._schedule.Violations.Count == 0) verifier.CheckMemory();
        return verifier._schedule.Violations;
    }

    /// <summary>Every operation exists, once, where its stage stands, and none is missing.</summary>
    private void CheckMembers()
    {
        if (_devices.Count != _problem.Devices)
        {
            Report("completeness", 0, -1, $"{_devices.Count} devices are listed; the profile has {_problem.Devices}.");
            return;
        }

        _schedule.ForEach(CheckMember);
        if (_schedule.Violations.Count > 0) return;
        var pipeOf = new int[_problem.Microbatches];
        _schedule.ForEach((in PlacedOperation placed) =>
        {
            if (placed.Operation.Facts.IsOfMicrobatch) pipeOf[placed.Operation.Microbatch] = placed.Operation.Pipe;
            foreach (var rules in _rules) rules.CheckPlace(_schedule, placed);
        });
        for (var microbatch = 0; microbatch < _problem.Microbatches; microbatch++)
        {
            foreach (var stage in _problem.Placement.Routes[pipeOf[microbatch]].Stages.Order())
            {
                for (var slice = 0; slice < _problem.SliceCount; slice++)
                {
                    foreach (var rules in _rules)
                        rules.CheckComplete(_schedule, new Operation(OperationKind.Forward, pipeOf[microbatch], stage, microbatch) { Slice = slice });
                }
            }
        }

        foreach (var rules in _rules) rules.CheckAllComplete(_schedule);
    }

    private void CheckMember(in PlacedOperation placed)
    {
        var (device, position, operation) = (placed.Device, placed.Position, placed.Operation);
        var (kind, pipe, stage, microbatch) = operation;
        if (!Enum.IsDefined(kind))
        {
            Report("completeness", device, position, $"Kind {(int)kind} is no kind of operation.");
            return;
        }

        var isInMicrobatch = IsWithin(microbatch, _problem.Microbatches) && IsWithin(operation.Slice, _problem.SliceCount);
        if (!IsWithin(pipe, _problem.Placement.Pipes) || !_problem.Placement.Routes[pipe].Passes(stage) || (kind.Facts().IsOfMicrobatch && !isInMicrobatch)
            || !IsBrought(operation))
        {
            Report("completeness", device, position, $"The {operation} does not exist in this problem.");
            return;
        }

        var home = _problem.Placement.DeviceOf(pipe, stage);
        if (home != device) Report("placement", device, position, $"The {operation} belongs to device {home}.");
        if (!_problem.SplitBackward && kind is OperationKind.BackwardInput or OperationKind.BackwardWeight)
            Report("split", device, position, $"The {operation} is half a backward, which splitBackward: false rules out.");
        if (_schedule.Has(operation)) Report("completeness", device, position, $"The {operation} stands twice.");
        _schedule.Enter(operation, placed.Timed.End);
    }

    private void CheckTimes()
    {
        _schedule.ForEach((in PlacedOperation placed) =>
        {
            CheckDuration(placed);
            CheckLane(placed);
            CheckNeeds(placed);
        });
        CheckMemory();
    }

    private void CheckDuration(in PlacedOperation placed)
    {
        var timed = placed.Timed;
        long? duration = null;
        foreach (var rules in _rules) duration = rules.DurationOf(_schedule, placed) ?? duration;
        foreach (var rules in _rules) duration = duration is { } ticks ? rules.TimeOf(timed.Operation, ticks) : null;
        if (timed.Start < 0 || timed.End - timed.Start != duration)
        {
            Report(
                "duration", placed.Device, placed.Position,
                $"The {timed.Operation} runs from {_schedule.Time(timed.Start)} to {_schedule.Time(timed.End)}; it takes {_schedule.Time(duration ?? 0)}.");
        }
    }

    private void CheckLane(in PlacedOperation placed)
    {
        var timed = placed.Timed;
        Lane? elsewhere = null;
        foreach (var rules in _rules) elsewhere = rules.LaneOf(timed.Operation) ?? elsewhere;
        ref var last = ref _lastOfCompute[placed.Device];
        if (elsewhere is { } lane) last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lastOfLane, lane, out _);
        if (last is { } previous && timed.Start < previous.End)
        {
            Report(
                "lane", placed.Device, placed.Position,
                $"The {timed.Operation} starts at {_schedule.Time(timed.Start)}, before the {previous.Operation} ends at {_schedule.Time(previous.End)}.");
        }

        last = timed;
    }

    private void CheckNeeds(in PlacedOperation placed)
    {
        var begin = placed.Timed.Start;
        foreach (var rules in _rules) begin = rules.BeginOf(_schedule, placed, begin);
        foreach (var rules in _rules) rules.CheckNeeds(_schedule, placed, begin);
    }

    /// <summary>A device's order decides what it holds: an operation's release is there for the next one.</summary>
    private void CheckMemory()
    {
        for (var device = 0; device < _devices.Count; device++)
        {
            var (operations, held, limit) = (_devices[device], 0L, _problem.LimitOf(device));
            for (var position = 0; position < operations.Count; position++)
            {
                var operation = operations[position].Operation;
                held += InAll(operation, (rules, each) => rules.TakenBy(each));
                if (held > limit)
                {
                    Report("memory", device, position, $"Device {device} holds {Memory(held)}; the limit is {Memory(limit)}.");
                    break;
                }

                held -= InAll(operation, (rules, each) => rules.FreedBy(each));
            }
        }
    }

    /// <summary>Memory units that all rules together say.</summary>
    private long InAll(Operation operation, Func<ScheduleRules, Operation, long> units)
    {
        var sum = 0L;
        foreach (var rules in _rules) sum += units(rules, operation);
        foreach (var rules in _rules) sum = rules.MemoryOf(operation, sum);
        return sum;
    }

    /// <summary>Whether some rules bring an operation of this kind.</summary>
    private bool IsBrought(Operation operation)
    {
        foreach (var rules in _rules)
        {
            if (rules.Has(operation)) return true;
        }

        return false;
    }

    private void Report(string rule, int device, int position, string message) => _schedule.Report(rule, device, position, message);

    private decimal Memory(long units) => _problem.MemoryScale.FromTicks(units);

    private static bool IsWithin(int number, int count) => number >= 0 && number < count;
}

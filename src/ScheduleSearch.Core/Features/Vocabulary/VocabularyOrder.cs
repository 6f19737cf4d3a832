using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>
/// Puts the passes over the shards into an order that does not speak of them, by its replay without them: those before the (first) barrier when the last
/// stage's output is there, those after the first of two when the last stage's backward begins, and those that nothing waits for when a device's own
/// backwards of the microbatch begin; the input embedding when the first stage's forward begins.
/// </summary>
/// <remarks>
/// It deadlocks no order. Everything has a moment: a time of the replay, and among equal times the place in a sequence of the replay's operations in which
/// each comes after all that it waits for. What a pass waits for has an earlier moment, what waits for it a later one, and every device goes by the
/// moments.
/// </remarks>
internal sealed class VocabularyOrder
{
    private readonly Problem _problem;
    private readonly OperationGraph _graph;
    private readonly long[] _starts;
    private readonly int[] _places;
    private readonly Dictionary<Operation, int> _firstOfPair;
    private readonly List<(Moment At, Operation Operation)>[] _devices;

    /// <param name="problem">The problem.</param>
    /// <param name="orders">For each device its operations but the passes.</param>
    public VocabularyOrder(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        var whole = Problem.Create(
            problem.Profile with { Vocabulary = null }, problem.Objective, problem.SplitBackward, ProblemLimits.None, problem.Catalogue);
        var lanes = new LaneSequence(Schedule.Of(whole, orders));
        (_problem, _graph, _starts) = (problem, lanes.Schedule.Graph, lanes.EarliestStarts());
        _places = new int[_starts.Length];
        for (var place = 0; place < _places.Length; place++) _places[lanes.Operations[place]] = place;
        _firstOfPair = _graph.Selection.Pairs.ToDictionary(pair => pair.Value, pair => _graph.IndexOf(pair.Key));
        _devices = [.. orders.Select(order => order.Select(operation => (MomentOf(operation), operation)).ToList())];
    }

    /// <summary>The orders with the passes. Cost: that of a replay, and of sorting.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete()
    {
        for (var index = 0; index < _graph.Count; index++)
        {
            var operation = _graph.Operations[index];
            if (operation.IsForward && operation.Stage == 0 && _problem.EmbedsInShards) Put(OperationKind.VocabularyInput, operation, Before(operation));
            if (operation.Stage != _problem.Stages - 1) continue;
            if (operation.IsForward) Put(OperationKind.VocabularyForward, operation, After(index));
            if (IsBackward(operation) && _problem.VocabularyBarriers > 1) Put(OperationKind.VocabularyBackward, operation, Before(operation));
        }

        if (_problem.VocabularyBarriers == 1) PutBeforeBackwards();
        return [.. _devices.Select(device => device.OrderBy(entry => entry.At).Select(entry => entry.Operation).ToArray())];
    }

    private void Put(OperationKind kind, Operation operation, Moment at)
    {
        for (var device = 0; device < _devices.Length; device++) _devices[device].Add((at, PassOf(operation, device, kind)));
    }

    private void PutBeforeBackwards()
    {
        for (var device = 0; device < _devices.Length; device++)
        {
            var firsts = _devices[device].Select(entry => entry.Operation).Where(IsBackward).DistinctBy(operation => operation.Microbatch).ToList();
            _devices[device].AddRange(firsts.Select(first => (Before(first), PassOf(first, device, OperationKind.VocabularyBackward))));
        }
    }

    private Operation PassOf(Operation operation, int device, OperationKind kind) =>
        new(kind, operation.Pipe, _problem.VocabularyStageOn(device), operation.Microbatch);

    private Moment MomentOf(Operation operation)
    {
        var index = _graph.IndexOf(operation);
        // The two of a pair share a moment, and sorting keeps them as they stand.
        if (operation.EndsPair) index = _firstOfPair[operation];
        return new Moment(_starts[index], _places[index], 0);
    }

    private Moment Before(Operation operation) => MomentOf(operation) with { Side = -1 };

    private Moment After(int forward) => new(_starts[forward] + _graph.Durations[forward], _places[forward], 1);

    private static bool IsBackward(Operation operation) => operation.Facts.Role is OperationRole.InputGradient or OperationRole.WholeBackward;

    private readonly record struct Moment(long Time, int Place, int Side) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => (Time, Place, Side).CompareTo((other.Time, other.Place, other.Side));
    }
}

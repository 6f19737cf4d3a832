using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>
/// Puts the passes over the shards into an order that does not speak of them, by its replay without them: before the barrier when the last stage's
/// output is there; after it at once where the last stage's backward waits for that, else when a device's own backwards of the microbatch begin; the input
/// embedding when the first stage's forward begins.
/// </summary>
/// <remarks>
/// It deadlocks no order. The operations of the replay stand in one sequence, by start and then by what waits for what. Each pass has its place in that
/// sequence, and on every device what stands before it there stays before it: everything that a pass waits for is before it, and everything that
/// waits for it after.
/// </remarks>
internal sealed class VocabularyOrder
{
    private readonly Problem _problem;
    private readonly IReadOnlyList<IReadOnlyList<Operation>> _orders;
    private readonly OperationGraph _graph;
    private readonly int[] _places;
    private readonly List<(int Place, Operation Pass)>[] _passes;

    /// <param name="problem">The problem.</param>
    /// <param name="orders">For each device its operations but the passes.</param>
    public VocabularyOrder(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        var whole = Problem.Create(
            problem.Profile with { Vocabulary = null }, problem.Objective, problem.SplitBackward, ProblemLimits.None, problem.Catalogue);
        var lanes = new LaneSequence(Schedule.Of(whole, orders));
        (_problem, _orders, _graph) = (problem, orders, lanes.Schedule.Graph);
        _passes = [.. orders.Select(_ => new List<(int, Operation)>())];
        var (starts, sequence) = (lanes.EarliestStarts(), lanes.Operations.ToArray());
        var starting = Array.ConvertAll(sequence, operation => starts[operation]);
        // Array.Sort would not keep what waits for what at equal starts.
        _places = new int[sequence.Length];
        foreach (var (place, turn) in Enumerable.Range(0, sequence.Length).OrderBy(turn => starting[turn]).Index()) _places[sequence[turn]] = place;
    }

    /// <summary>The orders with the passes. Cost: that of a replay, and of sorting.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete()
    {
        for (var operation = 0; operation < _graph.Count; operation++)
        {
            var forward = _graph.Operations[operation];
            if (!forward.IsForward) continue;
            if (forward.Stage == 0 && _problem.EmbedsInShards) Put(_places[operation], forward, OperationKind.VocabularyInput);
            if (forward.Stage != _problem.Stages - 1) continue;
            Put(_places[operation] + 1, forward, OperationKind.VocabularyForward);
            if (_problem.VocabularyBarriers > 1) Put(_places[operation] + 1, forward, OperationKind.VocabularyBackward);
        }

        if (_problem.VocabularyBarriers == 1) PutBeforeBackwards();
        return [.. _orders.Select((order, device) => Merged(order, _passes[device]))];
    }

    private void Put(int place, Operation forward, OperationKind kind)
    {
        for (var device = 0; device < _orders.Count; device++) _passes[device].Add((place, PassOf(forward, device, kind)));
    }

    private void PutBeforeBackwards()
    {
        for (var device = 0; device < _orders.Count; device++)
        {
            var begun = new HashSet<int>();
            foreach (var operation in _orders[device].Where(operation => operation.Facts.Role is OperationRole.InputGradient or OperationRole.WholeBackward))
            {
                if (begun.Add(operation.Microbatch))
                    _passes[device].Add((_places[_graph.IndexOf(operation)], PassOf(operation, device, OperationKind.VocabularyBackward)));
            }
        }
    }

    private Operation PassOf(Operation operation, int device, OperationKind kind) =>
        new(kind, operation.Pipe, _problem.VocabularyStageOn(device), operation.Microbatch);

    /// <summary>At one place the passes stand in the order in which they wait for each other, before what was there.</summary>
    private List<Operation> Merged(IReadOnlyList<Operation> order, List<(int Place, Operation Pass)> passes)
    {
        var (merged, next) = (new List<Operation>(order.Count + passes.Count), 0);
        var inTurn = passes.OrderBy(pass => pass.Place).ThenBy(pass => pass.Pass.Microbatch).ThenBy(pass => pass.Pass.Kind).ToList();
        foreach (var operation in order)
        {
            // Nothing comes between the two of a pair.
            for (var place = _places[_graph.IndexOf(operation)]; next < inTurn.Count && inTurn[next].Place <= place && !operation.EndsPair; next++)
                merged.Add(inTurn[next].Pass);
            merged.Add(operation);
        }

        merged.AddRange(inTurn.Skip(next).Select(pass => pass.Pass));
        return merged;
    }
}

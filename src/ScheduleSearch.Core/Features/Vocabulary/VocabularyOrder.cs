using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>
/// Puts the passes over the shards into an order that does not speak of them, by its replay without them: those before the (first) barrier after the
/// first forward of each device that ends once the last stage's output is there; those after the first of two likewise by the output of the next microbatch.
/// Where there is no such forward until the last stage's backward begins, they wait for none. Passes that nothing waits for come before a device's own
/// backwards of the microbatch, or where it has none with the last stage's; the input embedding before the first stage's forward.
/// </summary>
/// <remarks>
/// It deadlocks no order. Everything has a moment: an operation the middle of its time in the replay, and among equal times the place in a sequence of the
/// replay's operations in which each comes after all that it waits for. What a pass waits for has an earlier moment, what waits for it a later one,
/// and every device goes by the moments.
/// </remarks>
internal sealed class VocabularyOrder
{
    private readonly Problem _problem;
    private readonly OperationGraph _graph;
    private readonly long[] _starts;
    private readonly int[] _places;
    private readonly Dictionary<Operation, int> _firstOfPair;
    private readonly List<(Moment At, Operation Operation)>[] _devices;
    private readonly Moment[][] _endsOfForwards;

    /// <param name="problem">The problem.</param>
    /// <param name="orders">For each device its operations but the passes.</param>
    public VocabularyOrder(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        var lanes = new LaneSequence(Schedule.Of(problem.Before(VocabularyFeature.Id), orders));
        (_problem, _graph, _starts) = (problem, lanes.Schedule.Graph, lanes.EarliestStarts());
        _places = new int[_starts.Length];
        for (var place = 0; place < _places.Length; place++) _places[lanes.Operations[place]] = place;
        _firstOfPair = _graph.Selection.Pairs.ToDictionary(pair => pair.Value, pair => _graph.IndexOf(pair.Key));
        _devices = [.. orders.Select(order => order.Select(operation => (MomentOf(operation), operation)).ToList())];
        _endsOfForwards = [.. orders.Select(order => order.Where(operation => operation.IsForward).Select(EndOf).Order().ToArray())];
    }

    /// <summary>The orders with the passes. Cost: that of a replay, and of sorting.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete()
    {
        for (var index = 0; index < _graph.Count; index++)
        {
            var operation = _graph.Operations[index];
            if (operation.IsForward && operation.Stage == 0 && _problem.EmbedsInShards)
                Put(OperationKind.VocabularyInput, operation, _ => MomentOf(operation) with { Side = -1 });
            if (IsBackward(operation) && operation.Stage == _problem.Stages - 1) PutBefore(operation);
        }

        if (_problem.VocabularyBarriers == 1) PutBeforeBackwards();
        return [.. _devices.Select(device => device.OrderBy(entry => entry.At).Select(entry => entry.Operation).ToArray())];
    }

    /// <summary>Puts the passes that the last stage's backward waits for.</summary>
    private void PutBefore(Operation backward)
    {
        var latest = MomentOf(backward) with { Side = -1 };
        var forward = backward with { Kind = OperationKind.Forward };
        var first = Put(OperationKind.VocabularyForward, backward, device => AfterForward(device, OutputOf(forward), latest, side: 1));
        if (_problem.VocabularyBarriers == 1) return;
        // No pass after the barrier comes before one that it waits for.
        var (next, output) = (forward with { Microbatch = forward.Microbatch + 1 }, first.Max());
        if (Exists(next) && OutputOf(next).CompareTo(output) > 0) output = OutputOf(next);
        if (output.CompareTo(latest) > 0) output = latest;
        Put(OperationKind.VocabularyBackward, backward, device => AfterForward(device, output, latest, side: 2));
    }

    private void PutBeforeBackwards()
    {
        var ofLastStage = Enumerable.Range(0, _graph.Count).Select(index => _graph.Operations[index])
            .Where(operation => IsBackward(operation) && operation.Stage == _problem.Stages - 1).ToList();
        for (var device = 0; device < _devices.Length; device++)
        {
            var firsts = _devices[device].Select(entry => entry.Operation).Where(IsBackward).DistinctBy(operation => operation.Microbatch).ToList();
            var (backwards, side) = firsts.Count > 0 ? (firsts, -1) : (ofLastStage, 0);
            _devices[device].AddRange(backwards.Select(
                backward => (MomentOf(backward) with { Side = side }, PassOf(backward, device, OperationKind.VocabularyBackward))));
        }
    }

    private Moment[] Put(OperationKind kind, Operation operation, Func<int, Moment> at)
    {
        var moments = Enumerable.Range(0, _devices.Length).Select(at).ToArray();
        for (var device = 0; device < _devices.Length; device++) _devices[device].Add((moments[device], PassOf(operation, device, kind)));
        return moments;
    }

    /// <summary>After the first forward of a device that ends no earlier than a moment; at that moment where there is none before another one.</summary>
    private Moment AfterForward(int device, Moment from, Moment latest, int side)
    {
        var ends = _endsOfForwards[device];
        var next = Array.BinarySearch(ends, from);
        if (next < 0) next = ~next;
        return next < ends.Length && ends[next].CompareTo(latest) < 0 ? ends[next] with { Side = side } : from;
    }

    /// <summary>When the last stage's output is there; forwards that end just then count as after it where it takes any time.</summary>
    private Moment OutputOf(Operation forward) => EndOf(forward) is var end && end.Time > MomentOf(Standing(forward)).Time ? end with { Place = -1 } : end;

    private bool Exists(Operation forward) => _graph.IndexOf(forward) >= 0 || _graph.IndexOf(forward.InPair(PlaceInPair.First)) >= 0;

    /// <summary>A forward as it stands in the order, alone or in a pair.</summary>
    private Operation Standing(Operation forward) => _graph.IndexOf(forward) >= 0 ? forward : forward.InPair(PlaceInPair.First);

    private Operation PassOf(Operation operation, int device, OperationKind kind) =>
        new(kind, operation.Pipe, _problem.VocabularyStageOn(device), operation.Microbatch);

    private Moment MomentOf(Operation operation)
    {
        // The two of a pair share a moment, and sorting keeps them as they stand.
        var index = operation.EndsPair ? _firstOfPair[operation] : _graph.IndexOf(operation);
        return new Moment(2 * _starts[index] + _graph.Durations[index], _places[index], 0);
    }

    private Moment EndOf(Operation forward)
    {
        var index = _graph.IndexOf(Standing(forward));
        return new Moment(2 * (_starts[index] + _graph.Durations[index]), _places[index], 0);
    }

    private static bool IsBackward(Operation operation) => operation.Facts.Role is OperationRole.InputGradient or OperationRole.WholeBackward;

    /// <param name="Time">Twice the time, so that middles are whole.</param>
    /// <param name="Place">The place in the sequence.</param>
    /// <param name="Side">Before, at or after that place.</param>
    private readonly record struct Moment(long Time, int Place, int Side) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => (Time, Place, Side).CompareTo((other.Time, other.Place, other.Side));
    }
}

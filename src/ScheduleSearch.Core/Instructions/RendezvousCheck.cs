using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// Plays the streams of all ranks against each other under the strictest semantics that runtimes have: a send and its receive block until
/// both are posted, the two sides of a sum over two pipes block until both are there, and what two ranks do together pairs up in the order in
/// which each side posts it. Streams that pass run to their end on every runtime, have every operation of the graph once, on its own rank, use
/// no result before it is there, keep the two of an overlapped pair side by side, and sum the gradients of every stage that has two replicas.
/// </summary>
public sealed class RendezvousCheck
{
    private readonly OperationGraph _graph;
    private readonly IReadOnlyList<RankInstructions> _streams;
    private readonly int[] _positions;
    private readonly bool[] _done;
    private readonly HashSet<(int Operation, int Rank)> _received = [];
    private readonly SumLedger _sums;
    private readonly Queue<int> _runnable;
    private StreamViolation? _violation;

    private RendezvousCheck(OperationGraph graph, IReadOnlyList<RankInstructions> streams)
    {
        (_graph, _streams) = (graph, streams);
        _positions = new int[streams.Count];
        _done = new bool[graph.Count];
        _sums = new SumLedger(graph);
        _runnable = new Queue<int>(Enumerable.Range(0, streams.Count));
    }

    /// <summary>The first broken rule; null when there is none. Cost: linear in instructions and dependencies.</summary>
    /// <param name="graph">The operations that the streams are to carry out.</param>
    /// <param name="streams">The stream of each rank, by rank.</param>
    public static StreamViolation? FirstViolation(OperationGraph graph, IReadOnlyList<RankInstructions> streams)
    {
        var check = new RendezvousCheck(graph, streams);
        while (check._violation is null && check._runnable.TryDequeue(out var rank)) check.Advance(rank);
        if (check._violation is null) check.CheckEnds();
        return check._violation;
    }

    /// <summary>Runs a rank until it has ended, waits for a peer, or breaks a rule.</summary>
    private void Advance(int rank)
    {
        while (_violation is null && Current(rank) is { } instruction)
        {
            if (instruction.Kind == InstructionKind.AllReduce)
            {
                if (!Sum(rank, instruction)) return;
                continue;
            }

            var index = _graph.IndexOf(instruction.Operation);
            if (index < 0) Report("completeness", rank, "is not part of the schedule");
            else if (instruction.Kind == InstructionKind.Compute) Compute(rank, index);
            else if (!Transfer(rank, index, instruction)) return;
        }
    }

    private void Compute(int rank, int operation)
    {
        if (_graph.DeviceOf(operation) != rank) Report("rank", rank, $"belongs to rank {_graph.DeviceOf(operation)}");
        if (_done[operation]) Report("duplicate", rank, "stands twice");
        if (!IsWithItsPair(rank, _graph.Operations[operation].Kind)) Report("pair", rank, "does not stand side by side with the other half of its pair");
        foreach (var (dependency, _) in _graph.DependenciesOf(operation))
        {
            var isThere = _graph.DeviceOf(dependency) == rank ? _done[dependency] : _received.Contains((dependency, rank));
            if (!isThere) Report("dependency", rank, $"needs the result of the {_graph.Operations[dependency]}, which is not there yet");
        }

        _done[operation] = true;
        _sums.Enter(rank, _graph.Operations[operation]);
        _positions[rank]++;
    }

    /// <summary>
    /// Whether the next operation of a rank is a forward right before a backward that it may overlap with, or the other way round. Which one it
    /// must be, dependencies say: a backward waits for its own forward, so that no other can stand there.
    /// </summary>
    private bool IsWithItsPair(int rank, OperationKind kind)
    {
        var place = kind.Facts().Place;
        if (place == PlaceInPair.None) return true;
        var (other, step) = place == PlaceInPair.First ? (PlaceInPair.Second, 1) : (PlaceInPair.First, -1);
        var (instructions, position) = (_streams[rank].Instructions, _positions[rank] + step);
        return position >= 0 && position < instructions.Count
            && instructions[position] is { Kind: InstructionKind.Compute } beside && beside.Operation.Facts.Place == other;
    }

    /// <summary>Carries out one side of a sum when the peer stands at the other; false when the rank must wait.</summary>
    private bool Sum(int rank, Instruction instruction)
    {
        var peer = instruction.Peer;
        if (_sums.BrokenBy(rank, instruction) is var (rule, what)) return Report(rule, rank, what);
        if (peer != rank)
        {
            if (Current(peer) is not { Kind: InstructionKind.AllReduce } other || other.Peer != rank) return false;
            if (other.Operation != instruction.Operation) return Report("pairing", rank, $"meets the {other}");
            if (_sums.BrokenBy(peer, other) is var (itsRule, its)) return Report(itsRule, peer, its);
            _sums.Enter(peer, other);
            _positions[peer]++;
            _runnable.Enqueue(peer);
        }

        _sums.Enter(rank, instruction);
        _positions[rank]++;
        return true;
    }

    /// <summary>Carries out a transfer when the peer stands at its other end; false when the rank must wait.</summary>
    private bool Transfer(int rank, int operation, Instruction instruction)
    {
        var peer = instruction.Peer;
        if (peer < 0 || peer >= _streams.Count || peer == rank) return Report("peer", rank, "names a rank that it cannot exchange anything with");
        if (instruction.Kind == InstructionKind.Send && (_graph.DeviceOf(operation) != rank || !_done[operation]))
            return Report("dependency", rank, "has nothing to send yet");
        if (Current(peer) is not { IsTransfer: true } other || other.Peer != rank || other.Kind == instruction.Kind) return false;
        if (other.Operation != instruction.Operation) return Report("pairing", rank, $"meets the {other}");
        if (!_received.Add((operation, instruction.Kind == InstructionKind.Receive ? rank : peer))) return Report("duplicate", rank, "happens twice");
        _positions[rank]++;
        _positions[peer]++;
        _runnable.Enqueue(peer);
        return true;
    }

    private void CheckEnds()
    {
        for (var rank = 0; rank < _streams.Count && _violation is null; rank++)
        {
            if (Current(rank) is not { } instruction) continue;
            if (Current(instruction.Peer) is { } other) Report("hang", rank, $"waits for ever: rank {instruction.Peer} is at the {other}");
            else Report("unmatched", rank, $"waits for ever: rank {instruction.Peer} has ended");
        }

        for (var operation = 0; operation < _done.Length && _violation is null; operation++)
        {
            if (_done[operation]) continue;
            var rank = _graph.DeviceOf(operation);
            _violation = new("completeness", rank, -1, $"completeness: rank {rank} has no {_graph.Operations[operation]}.");
        }

        if (_violation is null && _sums.FirstMissing() is var (owner, stage))
            _violation = new("completeness", owner, -1, $"completeness: rank {owner} has no all-reduce of stage {stage}.");
    }

    private Instruction? Current(int rank)
    {
        var instructions = _streams[rank].Instructions;
        return _positions[rank] < instructions.Count ? instructions[_positions[rank]] : null;
    }

    private bool Report(string rule, int rank, string what)
    {
        var position = _positions[rank];
        var instruction = _streams[rank].Instructions[position];
        _violation ??= new(rule, rank, position, $"{rule}: on rank {rank} instruction {position}, the {instruction}, {what}.");
        return false;
    }
}

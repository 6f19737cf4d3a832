using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions;

/// <summary>A rule that a set of streams breaks.</summary>
/// <param name="Rule">
/// <c>rank</c>, <c>duplicate</c>, <c>dependency</c>, <c>peer</c>, <c>pairing</c>, <c>unmatched</c>, <c>hang</c> or <c>completeness</c>.
/// </param>
/// <param name="Rank">The rank on which it is broken.</param>
/// <param name="Position">Position in the rank's stream, from 0; -1 when an operation is missing.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
public readonly record struct StreamViolation(string Rule, int Rank, int Position, string Message);

/// <summary>
/// Plays the streams of all ranks against each other under the strictest semantics that runtimes have: a send and its receive block until
/// both are posted, and the transfers between two ranks pair up in the order in which each side posts them. Streams that pass run to
/// their end on every runtime, have every operation of the graph once, on its own rank, and use no result before it is there.
/// </summary>
public sealed class RendezvousCheck
{
    private readonly OperationGraph _graph;
    private readonly IReadOnlyList<RankInstructions> _streams;
    private readonly int[] _positions;
    private readonly bool[] _done;
    private readonly HashSet<(int Operation, int Rank)> _received = [];
    private readonly Queue<int> _runnable;
    private StreamViolation? _violation;

    private RendezvousCheck(OperationGraph graph, IReadOnlyList<RankInstructions> streams)
    {
        (_graph, _streams) = (graph, streams);
        _positions = new int[streams.Count];
        _done = new bool[graph.Count];
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
        foreach (var (dependency, _) in _graph.DependenciesOf(operation))
        {
            var isThere = _graph.DeviceOf(dependency) == rank ? _done[dependency] : _received.Contains((dependency, rank));
            if (!isThere) Report("dependency", rank, $"needs the result of the {_graph.Operations[dependency]}, which is not there yet");
        }

        _done[operation] = true;
        _positions[rank]++;
    }

    /// <summary>Carries out a transfer when the peer stands at its other end; false when the rank must wait.</summary>
    private bool Transfer(int rank, int operation, Instruction instruction)
    {
        var peer = instruction.Peer;
        if (peer < 0 || peer >= _streams.Count || peer == rank) return Report("peer", rank, "names a rank that it cannot exchange anything with");
        if (instruction.Kind == InstructionKind.Send && (_graph.DeviceOf(operation) != rank || !_done[operation]))
            return Report("dependency", rank, "has nothing to send yet");
        if (Current(peer) is not { Kind: not InstructionKind.Compute } other || other.Peer != rank || other.Kind == instruction.Kind) return false;
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

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.MegatronZeroBubble;

/// <summary>Turns the streams of all ranks into lists of nodes.</summary>
internal sealed class NodeLists
{
    private readonly Timeline _timeline;
    private readonly Placement _placement;
    private readonly Dictionary<(int Operation, int Receiver), int> _pairs = [];

    private readonly HashSet<int> _restored = [];

    private NodeLists(Timeline timeline)
    {
        (_timeline, _placement) = (timeline, timeline.Schedule.Problem.Placement);
        foreach (var operation in timeline.Graph.Operations)
        {
            if (operation.Facts.Role == OperationRole.Restore) _restored.Add(operation.Stage);
        }
    }

    /// <summary>
    /// For each rank its operations and transfers in order, without the optimizer's: of a step there is no node, and those of word of the last one are
    /// added by <see cref="PostValidation"/>, before which the runtime wants nothing but forwards of the first chunk and their transfers.
    /// </summary>
    public static List<ScheduledNode>[] Of(Timeline timeline)
    {
        var lists = new NodeLists(timeline);
        return
        [
            .. Lowering.Of(timeline).Select(stream => stream.Instructions
                .Where(instruction => instruction.Operation.Facts.Role != OperationRole.Update)
                .Select(instruction => lists.NodeOf(instruction, stream.Rank)).ToList()),
        ];
    }

    private ScheduledNode NodeOf(Instruction instruction, int rank)
    {
        var operation = instruction.Operation;
        var index = _timeline.Graph.IndexOf(operation);
        return instruction.Kind == InstructionKind.Compute ? OperationNode(operation, index, rank) : TransferNode(instruction, index, rank);
    }

    private ScheduledNode OperationNode(Operation operation, int index, int rank)
    {
        var stage = operation.Stage;
        var node = new ScheduledNode(
            TypeOf(operation), rank, operation.Microbatch, ChunkOf(stage), stage, _timeline.StartOf(index), _timeline.EndOf(index))
        {
            Slice = operation.Slice,
            IsRestored = operation.Kind == OperationKind.Forward && _restored.Contains(stage),
        };
        return operation.Facts.Role switch
        {
            OperationRole.WeightGradient or OperationRole.Restore => node,
            OperationRole.Forward => node with { ReceivePeer = PeerOf(stage - 1, rank), SendPeer = PeerOf(stage + 1, rank) },
            _ => node with { ReceivePeer = PeerOf(stage + 1, rank), SendPeer = PeerOf(stage - 1, rank) },
        };
    }

    private ScheduledNode TransferNode(Instruction instruction, int index, int rank)
    {
        var operation = instruction.Operation;
        var isForward = operation.Kind == OperationKind.Forward;
        var isSend = instruction.Kind == InstructionKind.Send;
        var receiver = isSend ? instruction.Peer : rank;
        var sender = isSend ? rank : instruction.Peer;
        if (!_pairs.TryGetValue((index, receiver), out var pair)) _pairs[(index, receiver)] = pair = _pairs.Count;
        // The runtime names a message by where it comes from as its receiver sees it; rank 0 and the last one are neighbours.
        var comesFromPrevious = sender + 1 == receiver || (receiver == 0 && sender == _placement.Devices - 1);
        var stage = isSend ? operation.Stage : operation.Stage + (isForward ? 1 : -1);
        var end = _timeline.EndOf(index);
        return new ScheduledNode(
            (isSend ? "SEND_" : "RECV_") + (isForward ? "FORWARD" : "BACKWARD"), rank, operation.Microbatch, ChunkOf(stage), stage, end, end)
        {
            Slice = operation.Slice,
            Direction = comesFromPrevious == isSend ? "NEXT" : "PREV",
            Peer = instruction.Peer,
            Pair = pair,
        };
    }

    private static string TypeOf(Operation operation) => operation.Kind switch
    {
        OperationKind.Forward => "F",
        OperationKind.BackwardInput => "B",
        OperationKind.BackwardWeight => "W",
        OperationKind.Backward => "BW",
        _ when operation.Facts.Role == OperationRole.Restore => "R",
        var kind => throw new ArgumentOutOfRangeException(nameof(operation), kind, "The zero-bubble runtime has no such operation."),
    };

    private int ChunkOf(int stage) => stage / _placement.Devices;

    private int? PeerOf(int stage, int rank) =>
        stage >= 0 && stage < _placement.Stages && _placement.DeviceOf(0, stage) is var peer && peer != rank ? peer : null;
}

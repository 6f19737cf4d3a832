using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions;

/// <summary>One step of a rank: an operation, one end of a transfer, or one side of a sum over two pipes.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Operation">
/// The operation that is carried out, or whose result travels. Both ends of a transfer name the same one. Of an all-reduce only the stage counts.
/// </param>
/// <param name="Peer">
/// The rank at the other end of a transfer, or on the other side of an all-reduce, which is the rank itself when it holds both replicas of the stage;
/// <see cref="NoPeer"/> for an operation.
/// </param>
public readonly record struct Instruction(InstructionKind Kind, Operation Operation, int Peer)
{
    /// <summary>The peer of an instruction that has none.</summary>
    public const int NoPeer = -1;

    /// <summary>
    /// What a transfer carries: the activation that a forward makes, the gradient that a backward makes, or by its name what a pass over a shard makes,
    /// which two ranks exchange under the numbers of their stages' own results, or a piece of other work.
    /// </summary>
    public string Payload => Operation.Facts.Role switch
    {
        OperationRole.Forward => "activation",
        OperationRole.Shard or OperationRole.Fill => Operation.Facts.Name,
        _ => "gradient",
    };

    /// <summary>Whether this is one end of a transfer.</summary>
    public bool IsTransfer => Kind is InstructionKind.Send or InstructionKind.Receive;

    /// <summary>Carries out an operation.</summary>
    public static Instruction Compute(Operation operation) => new(InstructionKind.Compute, operation, NoPeer);

    /// <summary>Sends the result of an operation.</summary>
    public static Instruction Send(Operation operation, int to) => new(InstructionKind.Send, operation, to);

    /// <summary>Receives the result of an operation.</summary>
    public static Instruction Receive(Operation operation, int from) => new(InstructionKind.Receive, operation, from);

    /// <summary>Sums the gradients of a stage over both pipes.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="with">The rank that holds the stage in the other pipe.</param>
    public static Instruction AllReduce(int stage, int with) => new(InstructionKind.AllReduce, Operation.BackwardWeight(stage, 0), with);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        InstructionKind.AllReduce => $"all-reduce of stage {Operation.Stage} with rank {Peer}",
        InstructionKind.Send => $"send of the {Payload} of the {Operation} to rank {Peer}",
        InstructionKind.Receive => $"receive of the {Payload} of the {Operation} from rank {Peer}",
        _ => Operation.ToString(),
    };
}

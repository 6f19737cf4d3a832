using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions;

/// <summary>What an instruction makes its rank do.</summary>
public enum InstructionKind
{
    /// <summary>Carry out an operation.</summary>
    Compute,

    /// <summary>Hand the result of one of its own operations to another rank.</summary>
    Send,

    /// <summary>Take the result of another rank's operation from it.</summary>
    Receive,
}

/// <summary>One step of a rank: an operation, or one end of a transfer.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Operation">The operation that is carried out, or whose result travels. Both ends of a transfer name the same one.</param>
/// <param name="Peer">The rank at the other end of a transfer; <see cref="NoPeer"/> for an operation.</param>
public readonly record struct Instruction(InstructionKind Kind, Operation Operation, int Peer)
{
    /// <summary>The peer of an instruction that has none.</summary>
    public const int NoPeer = -1;

    /// <summary>What a transfer carries: the activation that a forward makes, or the gradient that a backward makes.</summary>
    public string Payload => Operation.Kind == OperationKind.Forward ? "activation" : "gradient";

    /// <summary>Carries out an operation.</summary>
    public static Instruction Compute(Operation operation) => new(InstructionKind.Compute, operation, NoPeer);

    /// <summary>Sends the result of an operation.</summary>
    public static Instruction Send(Operation operation, int to) => new(InstructionKind.Send, operation, to);

    /// <summary>Receives the result of an operation.</summary>
    public static Instruction Receive(Operation operation, int from) => new(InstructionKind.Receive, operation, from);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        InstructionKind.Send => $"send of the {Payload} of the {Operation} to rank {Peer}",
        InstructionKind.Receive => $"receive of the {Payload} of the {Operation} from rank {Peer}",
        _ => Operation.ToString(),
    };
}

/// <summary>What one rank does, first to last.</summary>
/// <param name="Rank">The rank, from 0: the device's number.</param>
/// <param name="Instructions">Its instructions in order.</param>
public sealed record RankInstructions(int Rank, IReadOnlyList<Instruction> Instructions);

namespace ScheduleSearch.Core.Operations;

/// <summary>What an operation does.</summary>
public enum OperationKind
{
    /// <summary>Forward of a stage on a microbatch.</summary>
    Forward,

    /// <summary>Gradient by the stage's input: what the previous stage waits for.</summary>
    BackwardInput,

    /// <summary>Gradient by the stage's weights: nothing else waits for it.</summary>
    BackwardWeight,

    /// <summary>Both gradients in one operation; the previous stage waits for its end.</summary>
    Backward,

    /// <summary>The forward once more, from what was kept of its activation, for the backward that follows.</summary>
    Recompute,

    /// <summary>
    /// A forward that overlaps with the <see cref="OverlappedBackward"/> that stands next on its device: both start when both could, and both end
    /// when the pair does.
    /// </summary>
    OverlappedForward,

    /// <summary>The fused backward that overlaps with the forward before it; as a step of its own it takes no time.</summary>
    OverlappedBackward,
}

/// <summary>One operation: what is done, on which stage of which pipe, for which microbatch.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Pipe">The pipe (a direction or weight replica), from 0.</param>
/// <param name="Stage">The stage within the pipe, from 0.</param>
/// <param name="Microbatch">The microbatch, from 0.</param>
public readonly record struct Operation(OperationKind Kind, int Pipe, int Stage, int Microbatch)
{
    /// <summary>The slice of the microbatch's sequence, from 0; 0 where microbatches are not sliced.</summary>
    public int Slice { get; init; }

    /// <summary>What the operations of one kind on one stage of a pipe have in common.</summary>
    public Operation Chain => this with { Microbatch = 0, Slice = 0 };

    /// <summary>The place of an operation in its chain: by microbatch, then by slice, from the first to the last for forwards and back for backwards.</summary>
    public (int Microbatch, int Slice) Turn => (Microbatch, Kind is OperationKind.Forward or OperationKind.Recompute ? Slice : -Slice);

    /// <summary>Whether this is a forward, alone or in a pair.</summary>
    public bool IsForward => Kind is OperationKind.Forward or OperationKind.OverlappedForward;

    /// <summary>Whether this is a whole backward, alone or in a pair.</summary>
    public bool IsWholeBackward => Kind is OperationKind.Backward or OperationKind.OverlappedBackward;

    /// <summary>The forward of a stage of the first pipe.</summary>
    public static Operation Forward(int stage, int microbatch) => new(OperationKind.Forward, 0, stage, microbatch);

    /// <summary>The input gradient of a stage of the first pipe.</summary>
    public static Operation BackwardInput(int stage, int microbatch) => new(OperationKind.BackwardInput, 0, stage, microbatch);

    /// <summary>The weight gradient of a stage of the first pipe.</summary>
    public static Operation BackwardWeight(int stage, int microbatch) => new(OperationKind.BackwardWeight, 0, stage, microbatch);

    /// <summary>The fused backward of a stage of the first pipe.</summary>
    public static Operation Backward(int stage, int microbatch) => new(OperationKind.Backward, 0, stage, microbatch);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{OperationNames.Of(Kind)} of stage {Stage}, microbatch {Microbatch}{(Slice == 0 ? "" : $", slice {Slice}")}{(Pipe == 0 ? "" : $", pipe {Pipe}")}";
}

/// <summary>The names that operations have in requests, answers and streams.</summary>
public static class OperationNames
{
    private static readonly string[] Names = ["forward", "backwardInput", "backwardWeight", "backward", "recompute", "overlappedForward", "overlappedBackward"];

    /// <summary>All names, in the order of <see cref="OperationKind"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a kind.</summary>
    public static string Of(OperationKind kind) => Names[(int)kind];

    /// <summary>The kind of a name.</summary>
    public static bool TryParse(string name, out OperationKind kind)
    {
        var index = Array.IndexOf(Names, name);
        kind = index < 0 ? default : (OperationKind)index;
        return index >= 0;
    }
}

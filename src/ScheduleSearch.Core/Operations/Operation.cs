namespace ScheduleSearch.Core.Operations;

/// <summary>One operation: what is done, on which stage of which pipe, for which microbatch.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Pipe">The pipe (a direction or weight replica), from 0: the number of its route.</param>
/// <param name="Stage">The stage within the pipe, from 0.</param>
/// <param name="Microbatch">The microbatch, from 0.</param>
public readonly record struct Operation(OperationKind Kind, int Pipe, int Stage, int Microbatch)
{
    /// <summary>The slice of the microbatch's sequence, from 0; 0 where microbatches are not sliced.</summary>
    public int Slice { get; init; }

    /// <summary>The item of <c>profile.fill</c> that it is a piece of, by name, and its microbatch the number of the piece; null where it is none.</summary>
    public string? Item { get; init; }

    /// <summary>What follows from the kind.</summary>
    public OperationKindFacts Facts => Kind.Facts();

    /// <summary>What the operations of one kind on one stage of a pipe have in common, or the pieces of an item.</summary>
    public Operation Chain => this with { Microbatch = 0, Slice = 0 };

    /// <summary>The place of an operation in its chain: by microbatch, then by slice, in the direction in which the kind takes them.</summary>
    public (int Microbatch, int Slice) Turn => (Microbatch, Facts.RunsUpward ? Slice : -Slice);

    /// <summary>Whether this is a forward, alone or in a pair.</summary>
    public bool IsForward => Facts.Role == OperationRole.Forward;

    /// <summary>Whether this is a whole backward, alone or in a pair.</summary>
    public bool IsWholeBackward => Facts.Role == OperationRole.WholeBackward;

    /// <summary>Whether this is the first of a pair that is carried out together; the second stands next on the same device.</summary>
    public bool BeginsPair => Facts.Place == PlaceInPair.First;

    /// <summary>Whether this is the second of a pair, which takes no time of its own.</summary>
    public bool EndsPair => Facts.Place == PlaceInPair.Second;

    /// <summary>The same operation in no pair.</summary>
    public Operation Alone => this with { Kind = Facts.Alone };

    /// <summary>The forward of a stage of the first pipe.</summary>
    public static Operation Forward(int stage, int microbatch) => new(OperationKind.Forward, 0, stage, microbatch);

    /// <summary>The input gradient of a stage of the first pipe.</summary>
    public static Operation BackwardInput(int stage, int microbatch) => new(OperationKind.BackwardInput, 0, stage, microbatch);

    /// <summary>The weight gradient of a stage of the first pipe.</summary>
    public static Operation BackwardWeight(int stage, int microbatch) => new(OperationKind.BackwardWeight, 0, stage, microbatch);

    /// <summary>The fused backward of a stage of the first pipe.</summary>
    public static Operation Backward(int stage, int microbatch) => new(OperationKind.Backward, 0, stage, microbatch);

    /// <summary>The same operation at a place of a pair.</summary>
    public Operation InPair(PlaceInPair place) => this with { Kind = OperationKinds.InPair(Kind, place) };

    /// <inheritdoc/>
    public override string ToString() => Item is not null
        ? $"{Facts.Name} of {Item}, piece {Microbatch}"
        : $"{Facts.Name} of stage {Stage}, microbatch {Microbatch}{(Slice == 0 ? "" : $", slice {Slice}")}{(Pipe == 0 ? "" : $", pipe {Pipe}")}";
}

namespace ScheduleSearch.Core.Operations;

/// <summary>All that follows from the kind of an operation.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Code">Its number in stored orders, from 0 and below 64: never changed and never used again.</param>
/// <param name="Name">Its name in requests, answers and streams.</param>
/// <param name="Letter">Its letter in traces and pictures.</param>
/// <param name="Hue">Its colour in pictures: red, green and blue, 0 to 255. Those of a pair have the colours that they have alone.</param>
/// <param name="Role">The part that it plays for its stage and microbatch.</param>
public sealed record OperationKindFacts(
    OperationKind Kind, int Code, string Name, char Letter, (int Red, int Green, int Blue) Hue, OperationRole Role)
{
    /// <summary>Whether the slices of a microbatch take their turns from the first to the last; else from the last to the first.</summary>
    public bool RunsUpward { get; init; }

    /// <summary>Whether it is of a microbatch; else what stands in the place of that numbers the pieces of an item.</summary>
    public bool IsOfMicrobatch => Role != OperationRole.Fill;

    /// <summary>The kind of lane that carries it out.</summary>
    public LaneKind Lane { get; init; }

    /// <summary>Where it stands in a pair.</summary>
    public PlaceInPair Place { get; init; }

    /// <summary>The kind of the same operation when it stands in no pair.</summary>
    public OperationKind Alone { get; init; } = Kind;
}

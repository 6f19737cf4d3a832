using System.Collections.Frozen;

namespace ScheduleSearch.Core.Operations;

/// <summary>The one table of the kinds of operations: a new kind is a line here. A kind that is not in it has no facts, and asking for them throws.</summary>
public static class OperationKinds
{
    private static readonly OperationKindFacts[] Table =
    [
        new(OperationKind.Forward, 0, "forward", 'F', (0x28, 0x78, 0xe0), OperationRole.Forward) { RunsUpward = true },
        new(OperationKind.BackwardInput, 1, "backwardInput", 'I', (0xa8, 0xd3, 0x8a), OperationRole.InputGradient),
        new(OperationKind.BackwardWeight, 2, "backwardWeight", 'W', (0xf2, 0xcd, 0x3d), OperationRole.WeightGradient),
        new(OperationKind.Backward, 3, "backward", 'B', (0x83, 0x76, 0xb9), OperationRole.WholeBackward),
        new(OperationKind.Recompute, 4, "recompute", 'R', (0xae, 0x66, 0x3e), OperationRole.Restore) { RunsUpward = true },
        new(OperationKind.OverlappedForward, 5, "overlappedForward", 'F', (0x28, 0x78, 0xe0), OperationRole.Forward)
        {
            RunsUpward = true, Place = PlaceInPair.First, Alone = OperationKind.Forward,
        },
        new(OperationKind.OverlappedBackward, 6, "overlappedBackward", 'B', (0x83, 0x76, 0xb9), OperationRole.WholeBackward)
        {
            Place = PlaceInPair.Second, Alone = OperationKind.Backward,
        },
        new(OperationKind.Send, 7, "send", 'S', (0x7f, 0x9a, 0xaa), OperationRole.Message) { RunsUpward = true, Lane = LaneKind.Link },
        new(OperationKind.SendGradient, 8, "sendGradient", 'G', (0x8e, 0x88, 0x77), OperationRole.Message) { Lane = LaneKind.Link },
        new(OperationKind.VocabularyInput, 9, "vocabularyInput", 'E', (0xff, 0xff, 0x91), OperationRole.Shard) { RunsUpward = true },
        new(OperationKind.VocabularyForward, 10, "vocabularyForward", 'V', (0x79, 0x40, 0xff), OperationRole.Shard) { RunsUpward = true },
        new(OperationKind.VocabularyBackward, 11, "vocabularyBackward", 'T', (0x44, 0x38, 0x95), OperationRole.Shard),
        new(OperationKind.OptimizerStep, 12, "optimizerStep", 'O', (0x06, 0x12, 0xb0), OperationRole.Update),
        new(OperationKind.PostValidation, 13, "postValidation", 'P', (0x00, 0x0c, 0x45), OperationRole.Update),
        new(OperationKind.Fill, 14, "fill", 'X', (0x4b, 0x52, 0x47), OperationRole.Fill) { RunsUpward = true },
    ];

    private static readonly FrozenDictionary<int, OperationKind> KindOfCode = Table.ToFrozenDictionary(facts => facts.Code, facts => facts.Kind);

    private static readonly OperationKind[][] FormsOfKind =
        [.. Table.Select(facts => Table.Where(form => form.Alone == facts.Kind).Select(form => form.Kind).ToArray())];

    /// <summary>All kinds, in the order of <see cref="OperationKind"/>.</summary>
    public static IReadOnlyList<OperationKindFacts> All => Table;

    /// <summary>The facts of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static OperationKindFacts Facts(this OperationKind kind) =>
        (uint)kind < (uint)Table.Length ? Table[(int)kind] : throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of operation.");

    /// <summary>The kinds in which an operation stands that is of a kind when it is in no pair; that kind is the first of them.</summary>
    public static ReadOnlySpan<OperationKind> FormsOf(OperationKind alone) => FormsOfKind[(int)alone];

    /// <summary>The kind of a stored code.</summary>
    public static bool TryDecode(int code, out OperationKind kind) => KindOfCode.TryGetValue(code, out kind);

    /// <summary>The kind in which an operation stands at a place of a pair.</summary>
    /// <param name="alone">The kind of the operation alone.</param>
    /// <param name="place">First or second.</param>
    /// <exception cref="ArgumentOutOfRangeException">No pair has such an operation there.</exception>
    public static OperationKind InPair(OperationKind alone, PlaceInPair place) =>
        Array.Find(Table, facts => facts.Alone == alone && facts.Place == place)?.Kind
        ?? throw new ArgumentOutOfRangeException(nameof(alone), alone, "No pair has such an operation there.");
}

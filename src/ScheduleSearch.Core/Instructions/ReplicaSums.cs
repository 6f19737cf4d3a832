using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// The sums that two pipes ask for. Each pipe has its own replica of a stage's weights, which see the microbatches of that pipe alone: before the
/// optimizer's step their gradients are summed by the ranks that hold them.
/// </summary>
internal static class ReplicaSums
{
    /// <summary>Whether stages have a second replica.</summary>
    public static bool AreNeeded(Placement placement) => placement.Pipes > 1;

    /// <summary>Whether an operation adds to the gradients of its stage's weights.</summary>
    public static bool IsGradient(Operation operation) => operation.Kind == OperationKind.BackwardWeight || operation.IsWholeBackward;

    /// <summary>The ranks that hold a stage, in the order of their pipes; the same rank twice when it holds both replicas.</summary>
    public static (int First, int Second) OwnersOf(Placement placement, int stage) => (placement.DeviceOf(0, stage), placement.DeviceOf(1, stage));

    /// <summary>With whom a rank sums the gradients of a stage: with itself when it holds both replicas; null when it holds none.</summary>
    public static int? PartnerOf(Placement placement, int stage, int rank)
    {
        var (first, second) = OwnersOf(placement, stage);
        return rank == first ? second : rank == second ? first : null;
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// The two of a pair stand side by side, the forward first; the forward takes the time of the pair, the backward none, and both start when what both of
/// them need is there.
/// </summary>
internal sealed class OverlapRules(Problem problem) : ScheduleRules
{
    public override bool Has(Operation operation) => operation.Kind == OperationKind.OverlappedForward
        || (operation.Kind == OperationKind.OverlappedBackward && problem.HasBackward(operation.Stage));

    public override void CheckPlace(VerifiedSchedule schedule, in PlacedOperation placed)
    {
        if (!Has(placed.Operation)) return;
        if (problem.SliceCount > 1)
            schedule.Report("overlap", placed.Device, placed.Position, $"The {placed.Operation} overlaps, which slices do not.");
        var (place, partner) = placed.Operation.Kind == OperationKind.OverlappedForward
            ? (placed.Position + 1, OperationKind.OverlappedBackward)
            : (placed.Position - 1, OperationKind.OverlappedForward);
        if (schedule.At(placed.Device, place)?.Operation.Kind != partner)
            schedule.Report("overlap", placed.Device, placed.Position, $"The {placed.Operation} does not stand beside the other half of its pair.");
    }

    public override void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
        var device = problem.Placement.DeviceOf(cell.Pipe, cell.Stage);
        if (Twice(OperationKind.Forward, OperationKind.OverlappedForward))
            schedule.Report("completeness", device, -1, $"Stage {cell.Stage}, microbatch {cell.Microbatch} has a forward alone and one in a pair.");
        if (Twice(OperationKind.Backward, OperationKind.OverlappedBackward))
            schedule.Report("completeness", device, -1, $"Stage {cell.Stage}, microbatch {cell.Microbatch} has a backward alone and one in a pair.");

        bool Twice(OperationKind alone, OperationKind paired) => schedule.Has(cell with { Kind = alone }) && schedule.Has(cell with { Kind = paired });
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed) => placed.Operation.Kind switch
    {
        OperationKind.OverlappedForward => problem.PairTime(placed.Operation, schedule.At(placed.Device, placed.Position + 1)!.Value.Operation),
        OperationKind.OverlappedBackward => 0,
        _ => null,
    };

    public override long BeginOf(VerifiedSchedule schedule, in PlacedOperation placed, long begin) =>
        placed.Operation.Kind == OperationKind.OverlappedBackward ? schedule.At(placed.Device, placed.Position - 1)!.Value.Start : begin;
}

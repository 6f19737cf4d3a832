using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// Where a stage recomputes, each microbatch has one operation that does, after its forward; the backward waits for it. Between the two only what is
/// kept of the activation is held.
/// </summary>
internal sealed class RecomputeRules(Problem problem) : ScheduleRules
{
    public override bool Has(Operation operation) => operation.Kind == OperationKind.Recompute && problem.Recomputes(operation.Stage);

    public override void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
        var again = cell with { Kind = OperationKind.Recompute };
        if (problem.Recomputes(cell.Stage) && !schedule.Has(again))
            schedule.Report("completeness", problem.Placement.DeviceOf(cell.Pipe, cell.Stage), -1, $"The {again} is missing.");
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed) =>
        placed.Operation.Kind == OperationKind.Recompute ? problem.RecomputeTime[placed.Operation.Stage] : null;

    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var operation = placed.Operation;
        if (operation.Kind == OperationKind.Recompute)
            schedule.CheckNeed(placed, begin, "kept activation", operation.Stage, schedule.EndOf(operation with { Kind = OperationKind.Forward }));
    }

    public override long ReadyOf(VerifiedSchedule schedule, Port port, Operation maker, Operation reader, long ready) =>
        port == Port.Activation ? Math.Max(ready, schedule.EndOf(maker with { Kind = OperationKind.Recompute })) : ready;

    public override long TakenBy(Operation operation) => operation.Kind == OperationKind.Recompute ? Dropped(operation.Stage) : 0;

    public override long FreedBy(Operation operation) =>
        operation.Facts.Alone == OperationKind.Forward && problem.Recomputes(operation.Stage) ? Dropped(operation.Stage) : 0;

    private long Dropped(int stage) => problem.Activation[stage] - problem.Kept[stage];
}

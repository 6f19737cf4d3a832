using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Slices;

/// <summary>
/// Forwards run from the first slice to the last, each of which reads the keys and values of those before it, and backwards from the last to the first.
/// Keys and values of all slices stay until the backward of the first slice ends, or where there is none until the forward of the last one.
/// </summary>
internal sealed class SlicesRules(Problem problem) : ScheduleRules
{
    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var operation = placed.Operation;
        switch (operation.Facts.Alone)
        {
            case OperationKind.Forward when operation.Slice > 0:
                schedule.CheckNeed(placed, begin, "keys and values", operation.Stage, schedule.EndOf(operation.Alone with { Slice = operation.Slice - 1 }));
                break;
            case OperationKind.BackwardInput or OperationKind.Backward when operation.Slice < problem.SliceCount - 1:
                var later = operation with { Slice = operation.Slice + 1 };
                schedule.CheckNeed(
                    placed, begin, "gradient of keys and values", operation.Stage,
                    Math.Max(schedule.EndOf(later with { Kind = OperationKind.BackwardInput }), schedule.EndOf(later with { Kind = OperationKind.Backward })));
                break;
        }
    }

    public override long TakenBy(Operation operation) => operation.Facts.Alone == OperationKind.Forward ? problem.KeyValue[operation.Stage] : 0;

    public override long FreedBy(Operation operation) =>
        operation is { Slice: 0, Alone.Kind: OperationKind.BackwardInput or OperationKind.Backward }
        || (operation.IsForward && operation.Slice == problem.SliceCount - 1 && !problem.HasBackward(operation.Stage))
            ? problem.SliceCount * problem.KeyValue[operation.Stage]
            : 0;
}

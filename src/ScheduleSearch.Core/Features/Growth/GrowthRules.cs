using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Growth;

/// <summary>What is retained beyond the activation is held from the start of the input gradient to the end of the weight gradient, fused or not.</summary>
internal sealed class GrowthRules(Problem problem) : ScheduleRules
{
    public override long TakenBy(Operation operation) =>
        operation.Facts.Alone is OperationKind.BackwardInput or OperationKind.Backward ? problem.GrowthOf(operation.Stage, operation.Slice) : 0;

    public override long FreedBy(Operation operation) =>
        operation.Facts.Alone is OperationKind.BackwardWeight or OperationKind.Backward ? problem.GrowthOf(operation.Stage, operation.Slice) : 0;
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Optimizer;

/// <summary>
/// Every stage that is trained steps once, after its weight gradients, and without post-validation after those of all stages. With it each device has
/// word once, the last device first and each other one after the device behind it and a message; backwards, and forwards of trained stages other than a
/// device's first stage, wait for it.
/// </summary>
internal sealed class OptimizerRules(Problem problem) : ScheduleRules
{
    private readonly Placements.Placement _placement = problem.Placement;

    public override bool Has(Operation operation) => operation.Slice == 0 && operation.Kind switch
    {
        OperationKind.OptimizerStep => operation.Microbatch == problem.Microbatches - 1 && problem.HasBackward(operation.Stage),
        OperationKind.PostValidation => problem.ValidatesAfterwards && operation.Microbatch == 0 && IsFirst(operation),
        _ => false,
    };

    public override void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
        foreach (var kind in new[] { OperationKind.OptimizerStep, OperationKind.PostValidation })
        {
            var operation = cell with { Kind = kind };
            if (Has(operation) && !schedule.Has(operation)) schedule.Report("completeness", DeviceOf(cell), -1, $"The {operation} is missing.");
        }
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed) => placed.Operation.Kind switch
    {
        OperationKind.OptimizerStep => problem.OptimizerStep[placed.Operation.Stage],
        OperationKind.PostValidation => 0,
        _ => null,
    };

    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var operation = placed.Operation;
        switch (operation.Facts.Alone)
        {
            case OperationKind.OptimizerStep:
                for (var stage = problem.FrozenStages; stage < problem.Stages; stage++)
                {
                    if (!problem.ValidatesAfterwards || stage == operation.Stage)
                        schedule.CheckNeed(placed, begin, "gradients", stage, LastGradient(schedule, stage));
                }

                break;
            case OperationKind.PostValidation when placed.Device + 1 < problem.Devices:
                CheckWord(schedule, placed, begin, placed.Device + 1, problem.Lag(placed.Device + 1, placed.Device));
                break;
            case OperationKind.Forward when problem.ValidatesAfterwards && problem.HasBackward(operation.Stage) && !IsFirst(operation):
            case OperationKind.Backward or OperationKind.BackwardInput when problem.ValidatesAfterwards:
                CheckWord(schedule, placed, begin, placed.Device, 0);
                break;
        }
    }

    private void CheckWord(VerifiedSchedule schedule, in PlacedOperation placed, long begin, int device, long lag)
    {
        var word = new Operation(OperationKind.PostValidation, 0, _placement.StagesOn(device)[0].Stage, 0);
        schedule.CheckNeed(placed, begin, "word of the last step", word.Stage, schedule.EndOf(word) + lag);
    }

    private long LastGradient(VerifiedSchedule schedule, int stage)
    {
        var last = long.MinValue;
        for (var microbatch = 0; microbatch < problem.Microbatches; microbatch++)
        {
            for (var slice = 0; slice < problem.SliceCount; slice++)
            {
                var weight = new Operation(OperationKind.BackwardWeight, 0, stage, microbatch) { Slice = slice };
                last = Math.Max(last, Math.Max(schedule.EndOf(weight), schedule.EndOf(weight with { Kind = OperationKind.Backward })));
            }
        }

        return last;
    }

    private bool IsFirst(Operation operation) => _placement.StagesOn(DeviceOf(operation))[0].Stage == operation.Stage;

    private int DeviceOf(Operation operation) => _placement.DeviceOf(operation.Pipe, operation.Stage);
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// The rules of the stages: each stage of the pipe that a microbatch runs down has its forward and either a fused backward or both halves, once, where
/// the stage stands; activations travel up, gradients down, and an activation is held from its forward until its backward. Frozen stages have forwards
/// alone, which hold their activations while they run.
/// </summary>
internal sealed class StageRules(Problem problem) : ScheduleRules
{
    public override bool Has(Operation operation) =>
        operation.Kind == OperationKind.Forward
        || (problem.HasBackward(operation.Stage)
            && operation.Kind is OperationKind.BackwardInput or OperationKind.BackwardWeight or OperationKind.Backward);

    public override void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
        var device = problem.Placement.DeviceOf(cell.Pipe, cell.Stage);
        bool HasAny(OperationKind kind) => schedule.EndOf(cell with { Kind = kind }) != long.MinValue;
        void Missing(OperationKind kind) => schedule.Report("completeness", device, -1, $"The {cell with { Kind = kind }} is missing.");

        if (!HasAny(OperationKind.Forward)) Missing(OperationKind.Forward);
        if (!problem.HasBackward(cell.Stage)) return;
        var (input, weight) = (HasAny(OperationKind.BackwardInput), HasAny(OperationKind.BackwardWeight));
        if (HasAny(OperationKind.Backward))
        {
            if (input || weight)
                schedule.Report("completeness", device, -1, $"Stage {cell.Stage}, microbatch {cell.Microbatch} has a fused backward and a half of it too.");
        }
        else if (!input && !weight)
        {
            Missing(OperationKind.Backward);
        }
        else if (!input || !weight)
        {
            Missing(input ? OperationKind.BackwardWeight : OperationKind.BackwardInput);
        }
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed)
    {
        var (stage, slice) = (placed.Operation.Stage, placed.Operation.Slice);
        return placed.Operation.Kind switch
        {
            OperationKind.Forward => problem.ForwardOf(stage, slice),
            OperationKind.BackwardInput => problem.BackwardInputOf(stage, slice),
            OperationKind.BackwardWeight => problem.BackwardWeightOf(stage, slice),
            OperationKind.Backward => problem.BackwardInputOf(stage, slice) + problem.BackwardWeightOf(stage, slice),
            _ => null,
        };
    }

    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var operation = placed.Operation;
        var route = problem.Placement.Routes[operation.Pipe];
        switch (operation.Facts.Alone)
        {
            case OperationKind.Forward:
                if (route.Neighbour(operation.Stage, up: false) is { } before) CheckPort(schedule, placed, begin, "input", Port.Output, before);
                break;
            case OperationKind.BackwardWeight:
                schedule.CheckNeed(placed, begin, "output gradient", operation.Stage, schedule.EndOf(operation with { Kind = OperationKind.BackwardInput }));
                break;
            case OperationKind.BackwardInput or OperationKind.Backward:
                CheckPort(schedule, placed, begin, "activation", Port.Activation, operation.Stage);
                if (route.Neighbour(operation.Stage, up: true) is { } after) CheckPort(schedule, placed, begin, "gradient", Port.Gradient, after);
                break;
        }
    }

    public override long ReadyOf(VerifiedSchedule schedule, Port port, Operation maker, Operation reader, long ready)
    {
        var made = port == Port.Gradient
            ? Math.Max(schedule.EndOf(maker with { Kind = OperationKind.BackwardInput }), schedule.EndOf(maker with { Kind = OperationKind.Backward }))
            : schedule.EndOf(maker with { Kind = OperationKind.Forward });
        return maker.Stage == reader.Stage ? made : made + problem.LagBetween(maker.Pipe, maker.Stage, reader.Stage);
    }

    public override long TakenBy(Operation operation) =>
        operation.Facts.Alone == OperationKind.Forward ? problem.ActivationOf(operation.Stage, operation.Slice) : 0;

    public override long FreedBy(Operation operation)
    {
        var (stage, slice) = (operation.Stage, operation.Slice);
        return operation.Facts.Alone switch
        {
            OperationKind.Forward when !problem.HasBackward(stage) => problem.ActivationOf(stage, slice),
            OperationKind.BackwardInput => problem.ActivationOf(stage, slice) - problem.RetainedOf(stage, slice),
            OperationKind.BackwardWeight => problem.RetainedOf(stage, slice),
            OperationKind.Backward => problem.ActivationOf(stage, slice),
            _ => 0,
        };
    }

    private static void CheckPort(VerifiedSchedule schedule, in PlacedOperation placed, long begin, string what, Port port, int stage) =>
        schedule.CheckNeed(placed, begin, what, stage, schedule.ReadyOf(port, placed.Operation with { Stage = stage }, placed.Operation));
}

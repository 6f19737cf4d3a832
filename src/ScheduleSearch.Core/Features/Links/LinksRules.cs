using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Links;

/// <summary>
/// Where messages are exclusive, what a stage makes for a stage on another device is sent once, after it is made; it takes the message's time, one at a
/// time on its link or of its device; and the other stage has it when the message ends.
/// </summary>
internal sealed class LinksRules(Problem problem) : ScheduleRules
{
    private readonly bool _byDevice = problem.Profile.Times.Communication.Exclusive == Exclusivity.Device;

    private bool _hasMessages;

    public override bool Has(Operation operation) => TargetOf(operation) is not null;

    public override void CheckPlace(VerifiedSchedule schedule, in PlacedOperation placed) => _hasMessages |= Has(placed.Operation);

    public override void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
        // An order without any message leaves them to come and be served.
        if (!schedule.HasTimes && !_hasMessages) return;
        foreach (var kind in new[] { OperationKind.Send, OperationKind.SendGradient })
        {
            var message = cell with { Kind = kind };
            if (TargetOf(message) is not null && !schedule.Has(message))
                schedule.Report("completeness", problem.Placement.DeviceOf(cell.Pipe, cell.Stage), -1, $"The {message} is missing.");
        }
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed)
    {
        var message = placed.Operation;
        return TargetOf(message) is { } target ? problem.LagBetween(message.Pipe, message.Stage, target) : null;
    }

    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var operation = placed.Operation;
        if (TargetOf(operation) is null) return;
        var made = operation.Kind == OperationKind.Send
            ? schedule.EndOf(operation with { Kind = OperationKind.Forward })
            : Math.Max(schedule.EndOf(operation with { Kind = OperationKind.BackwardInput }), schedule.EndOf(operation with { Kind = OperationKind.Backward }));
        schedule.CheckNeed(placed, begin, operation.Kind == OperationKind.Send ? "output" : "gradient", operation.Stage, made);
    }

    public override long ReadyOf(VerifiedSchedule schedule, Port port, Operation maker, Operation reader, long ready)
    {
        if (port == Port.Activation) return ready;
        var message = maker with { Kind = port == Port.Output ? OperationKind.Send : OperationKind.SendGradient };
        return TargetOf(message) == reader.Stage ? schedule.EndOf(message) : ready;
    }

    public override Lane? LaneOf(Operation operation)
    {
        if (TargetOf(operation) is not { } target) return null;
        var (from, to) = (problem.Placement.DeviceOf(operation.Pipe, operation.Stage), problem.Placement.DeviceOf(operation.Pipe, target));
        return _byDevice ? new Lane(LaneKind.Link, from) : new Lane(LaneKind.Link, from, to);
    }

    /// <summary>
    /// The stage that a message is for; null for what is no message, stays on its device, does not exist, or is a gradient that nobody reads.
    /// </summary>
    private int? TargetOf(Operation operation)
    {
        if (operation.Kind is not (OperationKind.Send or OperationKind.SendGradient)) return null;
        var route = problem.Placement.Routes[operation.Pipe];
        var target = route.Neighbour(operation.Stage, up: operation.Kind == OperationKind.Send);
        if (operation.Kind == OperationKind.SendGradient && target is { } below && !problem.HasBackward(below)) return null;
        return target is { } stage && route.DeviceOf(stage) != route.DeviceOf(operation.Stage) ? stage : null;
    }
}

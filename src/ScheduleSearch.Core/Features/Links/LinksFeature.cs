using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Links;

/// <summary>
/// Messages are operations on a link's lane, one at a time. A message between two stages of one device takes no link. Source: Holmes,
/// arXiv:2312.03549, and Pipette, arXiv:2405.18093, for what unequal and shared links cost a pipeline.
/// </summary>
/// <remarks>
/// A schedule in which messages travel one at a time is one in which they travel as latency: whatever is proved of all schedules with latency holds for
/// it. And whatever order the devices have, messages can follow it, first come, first served.
/// </remarks>
public sealed class LinksFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICarriedFeature, IRestrictingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "links";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.times.communication.exclusive";

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsCarriedAsLatency => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) =>
        problem.Profile.Times.Communication.Exclusive != Exclusivity.None && LinksOf(problem).Any();

    /// <inheritdoc/>
    public void Attach(OperationGraphBuilder builder)
    {
        var problem = builder.Problem;
        var lanes = LinksOf(problem).ToDictionary(lane => lane, builder.AddLane);
        builder.Wrap(Port.Output, (cell, output) => Carry(cell, output, OperationKind.Send, up: true));
        builder.Wrap(Port.Gradient, (cell, gradient) => Carry(cell, gradient, OperationKind.SendGradient, up: false));

        Source Carry(Cell cell, Source result, OperationKind kind, bool up)
        {
            var message = cell.Of(kind);
            if (LaneOf(problem, message, up) is not { } lane) return result;
            var send = builder.Add(message, lanes[lane], result.Lag);
            builder.Depend(send, result.Operation);
            return new Source(send);
        }
    }

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new LinksRules(problem) : null;

    /// <summary>The lane of a message that a stage sends; null when it stays on its device, or nobody reads it.</summary>
    private static Lane? LaneOf(Problem problem, Operation message, bool up)
    {
        var route = problem.Placement.Routes[message.Pipe];
        if (route.Neighbour(message.Stage, up) is not { } stage) return null;
        var (from, to) = (route.DeviceOf(message.Stage), route.DeviceOf(stage));
        if (from == to || (!up && !problem.HasBackward(stage))) return null;
        return problem.Profile.Times.Communication.Exclusive == Exclusivity.Device ? new Lane(LaneKind.Link, from) : new Lane(LaneKind.Link, from, to);
    }

    /// <summary>The lanes that messages take, those of lower devices first.</summary>
    private static IEnumerable<Lane> LinksOf(Problem problem) =>
        problem.Placement.Routes
            .SelectMany((route, pipe) => route.Stages.Select(stage => new Operation(OperationKind.Send, pipe, stage, 0)))
            .SelectMany<Operation, Lane?>(message => [LaneOf(problem, message, up: true), LaneOf(problem, message, up: false)])
            .OfType<Lane>().Distinct().OrderBy(lane => lane.Device).ThenBy(lane => lane.Other);
}

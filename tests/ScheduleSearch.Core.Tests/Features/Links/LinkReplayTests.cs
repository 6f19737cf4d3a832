using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>Numbers worked by hand: each forward takes 1, each backward 2, each message 3.</summary>
public class LinkReplayTests
{
    private static readonly Operation[][] ForwardsFirst =
        [.. Enumerable.Range(0, 2).Select(stage => new[] { Forward(stage, 0), Forward(stage, 1), Forward(stage, 2), Backward(stage, 0), Backward(stage, 1), Backward(stage, 2) })];

    [Fact]
    public void Messages_of_one_link_wait_for_each_other_where_latency_would_let_them_pass()
    {
        var timeline = Replay.Run(Schedule.Of(Linked.Problem(devices: 2, microbatches: 3), ForwardsFirst));
        Linked.Messages(timeline).ShouldBe(
        [
            ("send of stage 0, microbatch 0", 1, 4), ("send of stage 0, microbatch 1", 4, 7), ("send of stage 0, microbatch 2", 7, 10),
            ("sendGradient of stage 1, microbatch 0", 13, 16), ("sendGradient of stage 1, microbatch 1", 16, 19), ("sendGradient of stage 1, microbatch 2", 19, 22),
        ]);
        ScheduleMetrics.Of(timeline).Makespan.ShouldBe(24);
        ScheduleMetrics.Of(Replay.Run(Schedule.Of(Linked.AsLatency(timeline.Schedule.Problem), ForwardsFirst))).Makespan.ShouldBe(18);
    }

    [Fact]
    public void The_span_of_a_device_begins_with_its_own_operation_and_not_with_a_message()
    {
        var problem = Problem.Create(Linked.Problem(devices: 2, microbatches: 3).Profile, Objective.Span, splitBackward: false);
        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, ForwardsFirst)));
        problem.TimeScale.FromTicks(metrics.Span).ShouldBe(24);
        metrics.Busy.Select(problem.TimeScale.FromTicks).ShouldBe([9, 9]);
    }

    [Fact]
    public void Links_that_nobody_has_ordered_serve_what_is_ready_first()
    {
        // Device 1 sends a gradient from 13 on and, held up by it, the output that is ready at 14.
        var problem = Linked.Problem(devices: 3, microbatches: 2, latency: 2, exclusive: Exclusivity.Device);
        var timeline = Replay.Run(Schedule.Of(problem,
        [
            [Forward(0, 0), Forward(0, 1), Backward(0, 0), Backward(0, 1)],
            [Forward(1, 0), Backward(1, 0), Forward(1, 1), Backward(1, 1)],
            [Forward(2, 0), Backward(2, 0), Forward(2, 1), Backward(2, 1)],
        ]));
        Linked.Messages(timeline).Where(message => message.Message.Contains("stage 1", StringComparison.Ordinal)).ShouldBe(
        [
            ("send of stage 1, microbatch 0", 4, 6), ("sendGradient of stage 1, microbatch 0", 13, 15),
            ("send of stage 1, microbatch 1", 15, 17), ("sendGradient of stage 1, microbatch 1", 24, 26),
        ]);
    }

    [Fact]
    public void An_order_of_a_link_that_is_given_is_kept()
    {
        var problem = Linked.Problem(devices: 3, microbatches: 2, latency: 2, exclusive: Exclusivity.Device);
        Operation Sent(OperationKind kind, int microbatch) => new(kind, 0, 1, microbatch);
        var schedule = Schedule.Of(problem,
        [
            [Forward(0, 0), Forward(0, 1), Backward(0, 0), Backward(0, 1)],
            [
                Forward(1, 0), Forward(1, 1), Backward(1, 0), Backward(1, 1),
                Sent(OperationKind.Send, 1), Sent(OperationKind.Send, 0), Sent(OperationKind.SendGradient, 0), Sent(OperationKind.SendGradient, 1),
            ],
            [Forward(2, 1), Forward(2, 0), Backward(2, 0), Backward(2, 1)],
        ]);
        Linked.Messages(Replay.Run(schedule)).Where(message => message.Message.StartsWith("send of stage 1", StringComparison.Ordinal)).ShouldBe(
            [("send of stage 1, microbatch 1", 6, 8), ("send of stage 1, microbatch 0", 8, 10)]);
    }

    private static Operation Forward(int stage, int microbatch) => Operation.Forward(stage, microbatch);

    private static Operation Backward(int stage, int microbatch) => Operation.Backward(stage, microbatch);
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>Each rule of messages, broken once.</summary>
public class LinkVerifierTests
{
    private static readonly Problem Problem = Linked.Problem(devices: 2, microbatches: 2, exclusive: Exclusivity.Link);

    private static readonly Operation Send = new(OperationKind.Send, 0, 0, 0);

    private static readonly Operation SendNext = Send with { Microbatch = 1 };

    private readonly List<List<TimedOperation>> _devices;

    public LinkVerifierTests()
    {
        Operation[][] orders = [.. Enumerable.Range(0, 2).Select(stage => new[]
        {
            Operation.Forward(stage, 0), Operation.Forward(stage, 1), Operation.Backward(stage, 0), Operation.Backward(stage, 1),
        })];
        _devices = [.. TimedOperation.DevicesOf(Replay.Run(Schedule.Of(Problem, orders))).Select(device => device.ToList())];
        Verifier.Check(Problem, _devices).ShouldBeEmpty();
    }

    [Fact]
    public void A_message_is_missing()
    {
        _devices[0].RemoveAt(At(Send));
        Broken().ShouldBe(("completeness", 0, "The send of stage 0, microbatch 0 is missing."));
    }

    [Fact]
    public void An_order_lists_all_messages_or_none()
    {
        Operation[][] Listed(params Operation[] messages) =>
            [.. _devices.Select((device, index) => device.Select(timed => timed.Operation)
                .Where(operation => operation.Facts.Role != OperationRole.Message || messages.Contains(operation)).ToArray())];

        Verifier.CheckOrder(Problem, Listed()).ShouldBeEmpty();
        Verifier.CheckOrder(Problem, Listed(Send, SendNext)).ShouldBe(
        [
            new("completeness", 1, -1, "The sendGradient of stage 1, microbatch 0 is missing."),
            new("completeness", 1, -1, "The sendGradient of stage 1, microbatch 1 is missing."),
        ]);
    }

    [Fact]
    public void A_message_stands_twice()
    {
        _devices[0].Add(_devices[0][At(Send)]);
        Broken().ShouldBe(("completeness", 0, "The send of stage 0, microbatch 0 stands twice."));
    }

    [Fact]
    public void A_message_stands_on_another_device()
    {
        _devices[1].Add(_devices[0][At(Send)]);
        _devices[0].RemoveAt(At(Send));
        Broken().ShouldBe(("placement", 1, "The send of stage 0, microbatch 0 belongs to device 0."));
    }

    [Fact]
    public void A_message_takes_too_long_or_not_long_enough()
    {
        Change(SendNext, timed => timed with { Start = timed.Start + 1 });
        Broken().Rule.ShouldBe("duration");
        Change(SendNext, timed => timed with { End = timed.End + 2 });
        Broken().Rule.ShouldBe("duration");
    }

    [Fact]
    public void Two_messages_share_a_link()
    {
        // It is made at 2; until 4 the link carries the one before.
        Change(SendNext, timed => timed with { Start = timed.Start - 1, End = timed.End - 1 });
        Broken().ShouldBe(("lane", 0, "The send of stage 0, microbatch 1 starts at 3, before the send of stage 0, microbatch 0 ends at 4."));
    }

    [Fact]
    public void A_message_starts_before_it_is_made()
    {
        Change(Send, timed => timed with { Start = timed.Start - 1, End = timed.End - 1 });
        Broken().ShouldBe(("dependency", 0, "The send of stage 0, microbatch 0 starts at 0; its output from stage 0 is there at 1."));
    }

    [Fact]
    public void A_gradient_is_sent_before_it_is_made()
    {
        var gradient = new Operation(OperationKind.SendGradient, 0, 1, 0);
        Change(gradient, timed => timed with { Start = timed.Start - 1, End = timed.End - 1 });
        Broken().ShouldBe(("dependency", 1, "The sendGradient of stage 1, microbatch 0 starts at 9; its gradient from stage 1 is there at 10."));
    }

    [Fact]
    public void A_stage_starts_before_the_message_arrives()
    {
        Change(Operation.Forward(1, 0), timed => timed with { Start = timed.Start - 1, End = timed.End - 1 });
        Broken().ShouldBe(("dependency", 1, "The forward of stage 1, microbatch 0 starts at 3; its input from stage 0 is there at 4."));
    }

    [Theory]
    [InlineData(OperationKind.Send, 1)]
    [InlineData(OperationKind.SendGradient, 0)]
    public void A_message_leads_nowhere(OperationKind kind, int stage)
    {
        _devices[stage].Add(new TimedOperation(new Operation(kind, 0, stage, 0), 50, 53));
        Broken().Rule.ShouldBe("completeness");
    }

    [Fact]
    public void Messages_that_are_latency_alone_are_no_operations()
    {
        var violations = Verifier.Check(Linked.AsLatency(Problem), _devices);
        violations.ShouldAllBe(violation => violation.Rule == "completeness");
        violations.Count.ShouldBe(4);
    }

    [Fact]
    public void An_order_may_leave_out_all_messages_and_not_some()
    {
        var all = _devices.Select(device => device.Select(timed => timed.Operation).ToList()).ToList();
        Verifier.CheckOrder(Problem, all).ShouldBeEmpty();
        var none = all.Select(device => device.Where(operation => operation.Facts.Role != OperationRole.Message).ToList()).ToList();
        Verifier.CheckOrder(Problem, none).ShouldBeEmpty();
        all[0].Remove(Send);
        Verifier.CheckOrder(Problem, all).ShouldHaveSingleItem().Rule.ShouldBe("completeness");
        Verifier.Check(Problem, [.. _devices.Select(device => device.Where(timed => timed.Operation.Facts.Role != OperationRole.Message).ToList())])
            .Count(violation => violation.Rule == "completeness").ShouldBe(4);
    }

    [Fact]
    public void Links_of_one_device_do_not_wait_for_each_other_and_its_sends_do()
    {
        var two = Replay.Run(Schedule.Of(Linked.Problem(devices: 3, microbatches: 2, exclusive: Exclusivity.Link), Crossing));
        Verifier.Check(Linked.Problem(devices: 3, microbatches: 2, exclusive: Exclusivity.Link), TimedOperation.DevicesOf(two)).ShouldBeEmpty();
        Verifier.Check(Linked.Problem(devices: 3, microbatches: 2, exclusive: Exclusivity.Device), TimedOperation.DevicesOf(two))
            .Select(violation => (violation.Rule, violation.Device)).Distinct().ShouldBe([("lane", 1)]);
    }

    /// <summary>The output of the second microbatch leaves device 1 while the gradient of the first is on its way.</summary>
    private static Operation[][] Crossing =>
    [
        [Operation.Forward(0, 0), Operation.Forward(0, 1), Operation.Backward(0, 0), Operation.Backward(0, 1)],
        [Operation.Forward(1, 0), Operation.Backward(1, 0), Operation.Forward(1, 1), Operation.Backward(1, 1)],
        [Operation.Forward(2, 0), Operation.Backward(2, 0), Operation.Forward(2, 1), Operation.Backward(2, 1)],
    ];

    private (string Rule, int Device, string Message) Broken()
    {
        var violation = Verifier.Check(Problem, _devices)[0];
        return (violation.Rule, violation.Device, violation.Message);
    }

    private int At(Operation operation) => _devices[0].FindIndex(timed => timed.Operation == operation);

    private void Change(Operation operation, Func<TimedOperation, TimedOperation> change)
    {
        var device = _devices.Find(device => device.Exists(timed => timed.Operation == operation))!;
        var position = device.FindIndex(timed => timed.Operation == operation);
        device[position] = change(device[position]);
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Features.Links;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>A timeline seen otherwise: under another id, on the devices alone, with other orders.</summary>
public class TimelineTests
{
    private static readonly Operation[] Early = [.. Each(0, Operation.Forward), .. Each(0, Operation.Backward)];

    private static readonly Operation[] Late = [.. Each(1, Operation.Forward), .. Each(1, Operation.Backward)];

    [Fact]
    public void Answered_under_its_own_id_it_is_itself_and_under_another_it_has_the_same_times()
    {
        var timeline = Of(exclusive: true).OnDevices();
        timeline.Id.ShouldBe(timeline.Schedule.Problem.Id);
        timeline.AnsweredUnder(timeline.Id).ShouldBeSameAs(timeline);

        var other = timeline.AnsweredUnder("other");

        other.Id.ShouldBe("other");
        other.IsOnDevicesAlone.ShouldBeTrue();
        other.Schedule.ShouldBeSameAs(timeline.Schedule);
        other.Starts.ToArray().ShouldBe(timeline.Starts.ToArray());
    }

    [Fact]
    public void Called_otherwise_it_has_the_same_times_and_keeps_the_name_however_it_is_seen()
    {
        var timeline = Of(exclusive: true).AnsweredUnder("asked");
        timeline.Name.ShouldBe(timeline.Schedule.Problem.Profile.Name);
        timeline.Called(timeline.Name).ShouldBeSameAs(timeline);

        var called = timeline.Called("a name of mine");

        called.Starts.ToArray().ShouldBe(timeline.Starts.ToArray());
        foreach (var seen in new[] { called, called.OnDevices(), called.AnsweredUnder("other"), called.WithOrders([Early, Late]) }) seen.Name.ShouldBe("a name of mine");
        called.OnDevices().Called(null).IsOnDevicesAlone.ShouldBeTrue();
        (called.Id, called.Called(null).Name).ShouldBe(("asked", null));
    }

    [Fact]
    public void Without_other_lanes_it_is_on_the_devices_alone_as_it_is()
    {
        var timeline = Of(exclusive: false);

        timeline.OnDevices().ShouldBeSameAs(timeline);
        timeline.IsOnDevicesAlone.ShouldBeFalse();
    }

    [Fact]
    public void On_the_devices_alone_messages_are_gone_and_what_stays_keeps_its_times_and_order()
    {
        var timeline = Of(exclusive: true).AnsweredUnder("asked");

        var alone = timeline.OnDevices();

        alone.IsOnDevicesAlone.ShouldBeTrue();
        alone.Id.ShouldBe("asked");
        TimedOperation.DevicesOf(alone).Select(device => device.ToArray()).ShouldBe(
            TimedOperation.DevicesOf(timeline).Select(device => device.Where(timed => timed.Operation.Facts.Role != OperationRole.Message).ToArray()));
        for (var lane = 2; lane < alone.Graph.Lanes.Count; lane++) alone.Schedule.OrderOf(lane).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Other_orders_are_replayed_under_its_id_on_the_same_lanes()
    {
        Operation[] swapped = [Early[1], Early[0], Early[2], Early[3]];
        foreach (var timeline in new[] { Of(exclusive: true).AnsweredUnder("asked"), Of(exclusive: true).AnsweredUnder("asked").OnDevices() })
        {
            var other = timeline.WithOrders([swapped, Late]);

            other.Id.ShouldBe("asked");
            other.IsOnDevicesAlone.ShouldBe(timeline.IsOnDevicesAlone);
            other.Schedule.OperationsOn(0).ShouldBe(swapped);
            other.Graph.Operations.ToArray().Any(operation => operation.Kind == OperationKind.Send).ShouldBe(!timeline.IsOnDevicesAlone);
        }
    }

    [Theory]
    [InlineData(2, 2, true)]
    [InlineData(1, 2, false)]
    [InlineData(2, 1, false)]
    [InlineData(1, 1, false)]
    public void A_schedule_fits_when_every_device_holds_no_more_than_it_may(int first, int second, bool fits)
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2) with { Memory = new() { Activation = 1, Limit = new decimal[] { first, second } } };

        Schedule.Of(Problem.Create(profile, splitBackward: false), [Early, Late]).FitsMemory().ShouldBe(fits);
    }

    private static Timeline Of(bool exclusive) => Replay.Run(Schedule.Of(
        Linked.Problem(devices: 2, microbatches: 2, exclusive: exclusive ? Exclusivity.Link : Exclusivity.None), [Early, Late]));

    private static Operation[] Each(int stage, Func<int, int, Operation> operation) => [operation(stage, 0), operation(stage, 1)];
}

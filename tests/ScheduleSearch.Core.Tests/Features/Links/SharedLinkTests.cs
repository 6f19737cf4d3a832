using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>A stage waits for the message, which may have waited for its link, and not just for the time that it takes.</summary>
public class SharedLinkTests
{
    [Theory]
    [InlineData(Exclusivity.Link)]
    [InlineData(Exclusivity.Device)]
    public void The_second_forward_waits_for_the_message_that_waits_for_the_first(Exclusivity exclusive)
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2);
        profile = profile with { Times = profile.Times with { Communication = new Communication { Latency = 3, Exclusive = exclusive } } };
        var problem = Problem.Create(profile, splitBackward: false);
        Operation[] Order(int stage) => [Operation.Forward(stage, 0), Operation.Forward(stage, 1), Operation.Backward(stage, 0), Operation.Backward(stage, 1)];
        List<List<TimedOperation>> devices = [.. TimedOperation.DevicesOf(Replay.Run(Schedule.Of(problem, [Order(0), Order(1)]))).Select(order => order.ToList())];
        // Made at 2, and on its way from 4 to 7.
        devices[1][1].ShouldBe(new TimedOperation(Operation.Forward(1, 1), 7, 8));
        Verifier.Check(problem, devices).ShouldBeEmpty();

        devices[1][1] = new TimedOperation(Operation.Forward(1, 1), 6, 7);
        Verifier.Check(problem, devices).ShouldHaveSingleItem().Message
            .ShouldBe("The forward of stage 1, microbatch 1 starts at 6; its input from stage 0 is there at 7.");
    }
}

using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

public class LeastSpanTests
{
    [Property(MaxTest = 2000)]
    public void The_span_is_the_largest_mean_circle_of_devices_and_the_starts_attain_it(Seed seed)
    {
        var random = new Random(seed.Item);
        var profile = RandomProblems.NextProfile(random, maxDevices: 4, maxMicrobatches: 6);
        // Large latencies make the devices push each other around longer circles.
        if (random.Chance(50)) profile = profile with { Times = profile.Times with { Communication = Links(random, profile.Pipeline.Devices) } };
        var problem = Problem.Create(profile, Objective.Span, splitBackward: random.Chance(75));
        var schedule = RandomOrders.Next(problem, random);

        var timeline = Replay.Run(schedule);

        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        ScheduleMetrics.Of(timeline).Span.ShouldBe(LongestPaths.LeastSpan(schedule));
    }

    [Fact]
    public void A_first_operation_is_delayed_when_that_makes_its_device_wait_less_afterwards()
    {
        // Device 0 has nothing to do between its forward and its backward but wait; device 1 sets the span.
        var profile = Shape.Profile(devices: 2, microbatches: 1, chunks: 2, "v", backwardWeight: 0);
        var problem = Problem.Create(profile with { Times = profile.Times with { Forward = new[] { 1m, 5m, 5m, 1m }, BackwardInput = 1 } }, Objective.Span);
        Operation[] outer =
            [Operation.Forward(0, 0), Operation.Forward(3, 0), Operation.BackwardInput(3, 0), Operation.BackwardWeight(3, 0), Operation.BackwardInput(0, 0), Operation.BackwardWeight(0, 0)];
        Operation[] inner =
            [Operation.Forward(1, 0), Operation.Forward(2, 0), Operation.BackwardInput(2, 0), Operation.BackwardInput(1, 0), Operation.BackwardWeight(2, 0), Operation.BackwardWeight(1, 0)];

        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, [outer, inner])));

        problem.TimeScale.FromTicks(metrics.Span).ShouldBe(16);
    }

    [Fact]
    public void Latency_between_independent_directions_is_shared_out_between_the_devices()
    {
        // Forward of 1 microbatch on both devices, then its backward: device 0 spans both legs, device 1 none.
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, communication: 10), Objective.Span);
        Operation[] DeviceOrder(int stage) => [Operation.Forward(stage, 0), Operation.BackwardInput(stage, 0), Operation.BackwardWeight(stage, 0)];

        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, [DeviceOrder(0), DeviceOrder(1)])));

        problem.TimeScale.FromTicks(metrics.Span).ShouldBe(25);
        metrics.Objective.ShouldBe(metrics.Span);
    }

    [Fact]
    public void The_largest_numbers_of_a_long_pipeline_do_not_overflow()
    {
        var profile = Shape.Profile(
            devices: 200, microbatches: 10, forward: 999_999_999_999.123456789012m, backwardInput: 0, backwardWeight: 0, communication: 1_000_000_000_000m);
        var problem = Problem.Create(profile, Objective.Span);
        var graph = OperationGraph.Build(problem);
        var orders = graph.Lanes.Select(_ => new List<int>()).ToList();
        for (var operation = 0; operation < graph.Count; operation++) orders[graph.LaneOf[operation]].Add(operation);

        var metrics = ScheduleMetrics.Of(Replay.Run(new Schedule(graph, orders)));

        metrics.Span.ShouldBeGreaterThan(0);
    }

    private static LinkValues Links(Random random, int devices) =>
        LinkValues.Each(Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, devices).Select(_ => random.Amount(0, 200, 1)).ToArray()));
}

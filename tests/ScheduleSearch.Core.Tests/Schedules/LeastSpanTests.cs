using System.Globalization;
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

        ShouldAttainTheLeast(schedule);
    }

    /// <summary>
    /// Devices of equal work that answer some microbatches at once, take the others together and keep their weight gradients for the end:
    /// the paths from the first operation of one device to the last of another then cross no other such path, and circles get long.
    /// </summary>
    [Property(MaxTest = 1500)]
    public void Devices_that_push_each_other_around_share_what_they_must_wait(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = Balanced(random, devices: random.Next(2, 5), microbatches: random.Next(2, 6));
        // What a device answers early, those after it must have answered early.
        var early = Enumerable.Range(1, problem.Devices - 1).Select(_ => random.Next(0, problem.Microbatches)).Order().Prepend(0);

        ShouldAttainTheLeast(Schedule.Of(problem, [.. early.Select((count, device) => AnswerEarly(device, problem.Microbatches, count))]));
    }

    [Property(MaxTest = 500)]
    public void Lanes_that_are_no_devices_pass_on_what_pushes_the_devices_and_have_no_span(Seed seed)
    {
        var random = new Random(seed.Item);
        var profile = RandomProblems.NextProfile(random, maxDevices: 4, maxMicrobatches: 6);
        var communication = new Communication { Latency = random.Amount(0, 40, 1), Exclusive = random.Pick(Exclusivity.Link, Exclusivity.Device) };
        var problem = Problem.Create(profile with { Times = profile.Times with { Communication = communication } }, Objective.Span);

        ShouldAttainTheLeast(RandomOrders.Next(problem, random));
    }

    [Theory]
    [InlineData("1", "35", "28.5")]
    [InlineData("1.000000000001", "35.000000000002", "28.500000000002")]
    public void A_first_operation_is_delayed_just_so_far_that_both_devices_span_the_same(string backwardInput, string earliest, string least)
    {
        var input = decimal.Parse(backwardInput, CultureInfo.InvariantCulture);
        var profile = Shape.Profile(devices: 2, microbatches: 4, communication: 2);
        profile = profile with
        {
            Times = profile.Times with { Forward = new[] { 4m, 1m }, BackwardInput = new[] { 3m, input }, BackwardWeight = new[] { 0m, 5m } },
        };
        IReadOnlyList<Operation>[] order = [AnswerEarly(device: 0, microbatches: 4, early: 0), AnswerEarly(device: 1, microbatches: 4, early: 2)];

        // Each device alone could do with 28; half a tick beyond the scale is rounded up.
        Span(Problem.Create(profile), order).ShouldBe(decimal.Parse(earliest, CultureInfo.InvariantCulture));
        Span(Problem.Create(profile, Objective.Span), order).ShouldBe(decimal.Parse(least, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_device_that_waits_for_both_legs_spans_them()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, communication: 10), Objective.Span);

        Span(problem, [AnswerEarly(0, 1, early: 0), AnswerEarly(1, 1, early: 0)]).ShouldBe(25);
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

    private static void ShouldAttainTheLeast(Schedule schedule)
    {
        var timeline = Replay.Run(schedule);
        Verifier.Check(schedule.Problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        ScheduleMetrics.Of(timeline).Span.ShouldBe(LongestPaths.LeastSpan(schedule));
        timeline.Starts.ToArray().Min().ShouldBe(0);
    }

    private static decimal Span(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> order) =>
        problem.TimeScale.FromTicks(ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, order))).Span);

    private static Problem Balanced(Random random, int devices, int microbatches)
    {
        var work = random.Next(20, 30);
        var forward = Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(1, 10)).ToArray();
        var input = Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(0, 10)).ToArray();
        var times = new OperationTimes
        {
            Forward = forward,
            BackwardInput = input,
            BackwardWeight = Enumerable.Range(0, devices).Select(device => work - forward[device] - input[device] + random.Next(0, 2)).ToArray(),
            Communication = LinkValues.Each(Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(0, 10)).ToArray())),
        };
        return Problem.Create(new Profile { Pipeline = new() { Devices = devices, Microbatches = microbatches }, Times = times }, Objective.Span);
    }

    /// <summary>The backwards of early microbatches right after their forwards, those of the others after all forwards, weight gradients last.</summary>
    private static IReadOnlyList<Operation> AnswerEarly(int device, int microbatches, int early) =>
    [
        .. Enumerable.Range(0, early).SelectMany(each => new[] { Operation.Forward(device, each), Operation.BackwardInput(device, each) }),
        .. Enumerable.Range(early, microbatches - early).Select(each => Operation.Forward(device, each)),
        .. Enumerable.Range(early, microbatches - early).Select(each => Operation.BackwardInput(device, each)),
        .. Enumerable.Range(0, microbatches).Select(each => Operation.BackwardWeight(device, each)),
    ];

    private static LinkValues Links(Random random, int devices) =>
        LinkValues.Each(Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, devices).Select(_ => random.Amount(0, 200, 1)).ToArray()));
}

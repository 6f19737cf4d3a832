using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

public class ReplayTests
{
    [Property(MaxTest = 500)]
    public void Every_operation_starts_as_early_as_its_longest_path_allows(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = Problem.Create(RandomProblems.NextProfile(random), splitBackward: random.Chance(75));
        var schedule = RandomOrders.Next(problem, random);

        Replay.Run(schedule).Starts.ToArray().ShouldBe(LongestPaths.EarliestStarts(schedule));
    }

    [Property(MaxTest = 500)]
    public void A_valid_order_replays_to_times_that_the_verifier_accepts(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var timeline = Replay.Run(RandomOrders.Next(problem, random));

        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        timeline.Starts.ToArray().Min().ShouldBe(0);
    }

    [Fact]
    public void A_long_circle_is_named_where_it_is_and_in_part()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 5), splitBackward: false);
        Operation[] first = [.. Enumerable.Range(0, 5).Select(m => Operation.Forward(0, m)), .. Enumerable.Range(0, 5).Select(m => Operation.Backward(0, m))];
        Operation[] last = [Operation.Backward(1, 0), .. Enumerable.Range(1, 4).SelectMany(m => new[] { Operation.Forward(1, m), Operation.Backward(1, m) }), Operation.Forward(1, 0)];

        var deadlock = Should.Throw<DeadlockException>(() => Replay.Run(Schedule.Of(problem, [first, last])));

        deadlock.Operation.ShouldBe(Operation.Backward(1, 0));
        deadlock.Message.ShouldStartWith("The order deadlocks: the backward of stage 1, microbatch 0 waits for the forward of stage 1, microbatch 0, which");
        deadlock.Message.ShouldEndWith("which waits for the forward of stage 1, microbatch 1 over 2 others, which waits for the first.");
    }

    [Fact]
    public void Operations_that_wait_for_each_other_in_a_circle_deadlock()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2), splitBackward: false);
        Operation[] first = [Operation.Forward(0, 0), Operation.Backward(0, 0), Operation.Forward(0, 1), Operation.Backward(0, 1)];
        Operation[] last = [Operation.Forward(1, 1), Operation.Backward(1, 1), Operation.Forward(1, 0), Operation.Backward(1, 0)];
        var schedule = Schedule.Of(problem, [first, last]);

        var deadlock = Should.Throw<DeadlockException>(() => Replay.Run(schedule));

        deadlock.Operation.ShouldBe(Operation.Backward(0, 0));
        deadlock.Message.ShouldBe(
            "The order deadlocks: the backward of stage 0, microbatch 0 waits for the backward of stage 1, microbatch 0, "
            + "which waits for the forward of stage 1, microbatch 0, which waits for the backward of stage 1, microbatch 1, "
            + "which waits for the forward of stage 1, microbatch 1, which waits for the forward of stage 0, microbatch 1, which waits for the first.");
        Should.NotThrow(() => Replay.Run(Schedule.Of(problem, [first, [.. last[2..], .. last[..2]]])));
    }

    [Fact]
    public void A_schedule_has_each_operation_of_a_lane_once()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 1));
        var (forward, input, weight) = (Operation.Forward(0, 0), Operation.BackwardInput(0, 0), Operation.BackwardWeight(0, 0));

        Schedule.Of(problem, [[forward, input, weight]]).OperationsOn(0).ShouldBe([forward, input, weight]);
        Should.Throw<ArgumentException>(() => Schedule.Of(problem, [[forward, input]])).Message.ShouldContain("backwardWeight of stage 0, microbatch 0 is missing");
        Should.Throw<ArgumentException>(() => Schedule.Of(problem, [[forward, forward, input, weight]])).Message.ShouldContain("stands twice");
        Should.Throw<ArgumentException>(() => Schedule.Of(problem, [[forward, input, weight], []])).Message.ShouldContain("2 orders for 1 lanes");
        Should.Throw<ArgumentException>(() => Schedule.Of(problem, [[forward, input, weight, Operation.Forward(0, 1)]]));
        Should.Throw<ArgumentException>(() => Schedule.Of(problem, [[forward, input, weight, Operation.Backward(9, 9)]]));
        Should.Throw<ArgumentException>(() => Schedule.Of(problem, [[forward, Operation.Backward(0, 0), weight]]));
    }
}

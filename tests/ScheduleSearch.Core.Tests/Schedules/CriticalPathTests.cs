using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>What the length of an order follows from.</summary>
public class CriticalPathTests
{
    [Property(MaxTest = 500)]
    public void It_has_no_gap_and_is_as_long_as_the_makespan(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var timeline = Replay.Run(RandomOrders.Next(problem, random));
        var metrics = ScheduleMetrics.Of(timeline);

        var path = CriticalPath.Of(timeline);
        for (var step = 1; step < path.Count; step++)
            timeline.StartOf(path[step].Operation).ShouldBe(timeline.EndOf(path[step - 1].Operation) + path[step].Lag);
        if (problem.Objective == Objective.Makespan)
        {
            timeline.StartOf(path[0].Operation).ShouldBe(0);
            timeline.EndOf(path[^1].Operation).ShouldBe(metrics.Makespan);
            path.Sum(step => step.Lag + timeline.Graph.Durations[step.Operation]).ShouldBe(metrics.Makespan);
        }
    }

    [Fact]
    public void It_passes_what_is_on_its_way()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, forward: 2, backwardInput: 3, communication: 1), splitBackward: false);
        Operation[] On(int stage) => [Operation.Forward(stage, 0), Operation.Backward(stage, 0)];
        var timeline = Replay.Run(Schedule.Of(problem, [On(0), On(1)]));

        // Device 0: 0-2 and 10-14. Device 1: 3-5 and 5-9.
        CriticalPath.Of(timeline).Select(step => (timeline.Graph.Operations[step.Operation], Lag: problem.TimeScale.FromTicks(step.Lag))).ShouldBe(
        [
            (Operation.Forward(0, 0), 0m), (Operation.Forward(1, 0), 1m), (Operation.Backward(1, 0), 0m), (Operation.Backward(0, 0), 1m),
        ]);
    }
}

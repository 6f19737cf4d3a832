using FsCheck.Xunit;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>What holds for every order of every problem whose messages travel one at a time.</summary>
public class LinkLawTests(ITestOutputHelper output)
{
    [Property(MaxTest = 300)]
    public void An_order_of_all_lanes_replays_to_a_valid_schedule_above_all_bounds(Seed seed)
    {
        var (problem, timeline) = Draw(seed);
        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        var objective = ScheduleMetrics.Of(timeline).Objective;
        foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(objective, bound.Name);
    }

    [Property(MaxTest = 300)]
    public void Without_its_messages_it_is_a_schedule_with_latency_at_no_larger_objective(Seed seed)
    {
        var (problem, timeline) = Draw(seed);
        var latency = Linked.AsLatency(problem);
        var alone = TimedOperation.DevicesOf(timeline).Select(device => device.Where(timed => timed.Operation.Facts.Role != OperationRole.Message).ToArray()).ToArray();
        Verifier.Check(latency, alone).ShouldBeEmpty();
        var replayed = Replay.Run(Schedule.Of(latency, [.. alone.Select(device => device.Select(timed => timed.Operation).ToArray())]));
        ScheduleMetrics.Of(replayed).Objective.ShouldBeLessThanOrEqualTo(ScheduleMetrics.Of(timeline).Objective);
    }

    [Property(MaxTest = 300)]
    public void Links_left_to_serve_what_is_ready_first_never_deadlock_and_their_timeline_reads_back(Seed seed)
    {
        var (problem, timeline) = Draw(seed);
        var orders = Enumerable.Range(0, problem.Devices).Select(device => timeline.Schedule.OperationsOn(device).ToArray()).ToArray();
        var served = Replay.Run(Schedule.Of(problem, orders));
        var devices = TimedOperation.DevicesOf(served);
        Verifier.Check(problem, devices).ShouldBeEmpty();
        var again = Replay.Run(Schedule.Of(problem, [.. devices.Select(device => device.Select(timed => timed.Operation).ToArray())]));
        TimedOperation.DevicesOf(again).SelectMany(device => device).ShouldBe(devices.SelectMany(device => device));
    }

    [Property(MaxTest = 200)]
    public void The_devices_alone_keep_their_times(Seed seed)
    {
        var (problem, timeline) = Draw(seed);
        var alone = timeline.OnDevices();
        alone.Graph.Lanes.Count.ShouldBe(problem.Devices);
        alone.Starts.ToArray().ShouldBe(alone.Graph.Operations.ToArray().Select(operation => timeline.StartOf(timeline.Graph.IndexOf(operation))));
        foreach (var operation in Enumerable.Range(0, alone.Graph.Count))
        {
            foreach (var (dependency, lag) in alone.Graph.DependenciesOf(operation)) (alone.EndOf(dependency) + lag).ShouldBeLessThanOrEqualTo(alone.StartOf(operation));
        }
    }

    [Fact]
    public void No_bound_exceeds_the_optimum_of_every_order_of_every_lane()
    {
        var random = new Random(31);
        var (solved, dearer) = (0, 0);
        for (var draw = 0; draw < 150; draw++)
        {
            var problem = SmallProblems.DrawLinked(random);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 20_000) is not { } search) continue;
            ScheduleMetrics.Of(Replay.Run(new Schedule(search.Graph, search.Orders))).Objective.ShouldBe(search.Optimum, $"case {draw}");
            foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, {bound.Name}");
            if (ExhaustiveSearch.Solve(Linked.AsLatency(problem), limitOfNodes: 20_000) is not { } latency) continue;
            latency.Optimum.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            (solved, dearer) = (solved + 1, dearer + (latency.Optimum < search.Optimum ? 1 : 0));
        }

        output.WriteLine($"{solved} problems, {dearer} of them dearer than with latency.");
        solved.ShouldBeGreaterThan(80);
        dearer.ShouldBeGreaterThan(5);
    }

    private static (Problem Problem, Timeline Timeline) Draw(Seed seed)
    {
        var schedule = Linked.Draw(new Random(seed.Item));
        return (schedule.Problem, Replay.Run(schedule));
    }
}

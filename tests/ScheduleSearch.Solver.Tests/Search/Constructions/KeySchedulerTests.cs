using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search.Constructions;

/// <summary>Keys decide the order of a lane; what frees memory goes first where the next one cannot run.</summary>
public class KeySchedulerTests
{
    [Fact]
    public void Without_memory_the_keys_of_an_order_give_that_order_back() => RealCases.ShouldBeAtLeast(least: 60, draws: 200, random =>
    {
        var problem = RandomProblems.Next(random);
        if (problem.Profile.Memory is not null) return false;
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        var schedule = RandomOrders.Next(operations, random);
        var orders = InTurn(schedule);
        var scheduler = new KeyScheduler(graph);
        var dates = LaneDates.Open(graph.LaneCount);
        var cost = scheduler.Run(Places(graph, orders), dates);
        scheduler.Orders.ShouldBe(orders);
        cost.ShouldBe(ScratchReplay.Of(graph, orders, dates).ShouldNotBeNull().Cost);
        return true;
    });

    [Fact]
    public void Whatever_keys_lead_to_is_valid_and_fits_memory() => RealCases.ShouldBeAtLeast(least: 100, draws: 200, random =>
    {
        var problem = RandomProblems.Next(random);
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        // The times of an order, each a little off: many such keys ask for what memory or another lane does not allow.
        var keys = ScratchReplay.Of(graph, InTurn(RandomOrders.Next(operations, random)), LaneDates.Open(graph.LaneCount)).ShouldNotBeNull().Starts;
        var most = (long)(graph.Duration.Average() * random.NextDouble());
        foreach (var chain in graph.Chains)
        {
            var key = long.MinValue;
            foreach (var operation in chain) keys[operation] = key = Math.Max(key, keys[operation] + random.NextInt64(most + 1));
        }

        var scheduler = new KeyScheduler(graph);
        if (scheduler.Run(keys, LaneDates.Open(graph.LaneCount)) is null) return false;
        var timeline = Replay.Run(new Schedule(operations, scheduler.Orders));
        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        return true;
    });

    [Fact]
    public void What_frees_memory_goes_before_a_forward_that_does_not_fit()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2, limit: 1), splitBackward: false);
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        // Both forwards are wanted first, but one fits.
        var keys = Enumerable.Range(0, graph.Count).Select(operation => operations.Operations[operation].IsForward ? 0L : 1L).ToArray();
        var scheduler = new KeyScheduler(graph);
        scheduler.Run(keys, LaneDates.Open(1)).ShouldNotBeNull();
        scheduler.Orders[0].Select(operation => operations.Operations[operation]).ShouldBe(
            [Operation.Forward(0, 0), Operation.Backward(0, 0), Operation.Forward(0, 1), Operation.Backward(0, 1)]);
    }

    [Fact]
    public void Keys_that_hold_up_what_they_wait_for_lead_nowhere()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2, limit: 2), splitBackward: false);
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        // A backward that is wanted before its own forward frees nothing yet, and nothing else does.
        var keys = Enumerable.Range(0, graph.Count).Select(operation => operations.Operations[operation].IsForward ? 1L : 0L).ToArray();
        new KeyScheduler(graph).Run(keys, LaneDates.Open(1)).ShouldBeNull();
    }

    private static long[] Places(SearchGraph graph, int[][] orders)
    {
        var keys = new long[graph.Count];
        foreach (var order in orders)
        {
            for (var position = 0; position < order.Length; position++) keys[order[position]] = position;
        }

        return keys;
    }

    private static int[][] InTurn(Schedule schedule) => new OperationChains(schedule.Graph).InTurn(
        Enumerable.Range(0, schedule.Graph.Lanes.Count).Select(lane => schedule.OrderOf(lane).ToArray().AsEnumerable()));
}

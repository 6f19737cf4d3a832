using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Search.Periodic;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>The pieces of the local search on random problems: each keeps orders valid and knows their exact cost.</summary>
public class OrderSearchTests
{
    [Property(MaxTest = 300)]
    public void The_fast_replay_agrees_with_the_reference(Seed seed)
    {
        var (problem, graph, schedule) = Draw(seed);
        var replay = new OrderReplay(SearchGraph.Of(graph));
        var cost = replay.Run(Orders(schedule), LaneDates.Open(graph.Lanes.Count));
        cost.ShouldBe(Earliest(problem, schedule));
    }

    [Property(MaxTest = 300)]
    public void Reversed_in_time_an_order_costs_the_same(Seed seed)
    {
        var (_, graph, schedule) = Draw(seed);
        var search = SearchGraph.Of(graph);
        var reversed = Orders(schedule).Select(order => order.Reverse().ToArray()).ToArray();
        var dates = LaneDates.Open(graph.Lanes.Count);
        new OrderReplay(search.Reversed).Run(reversed, dates).ShouldBe(new OrderReplay(search).Run(Orders(schedule), dates));
    }

    [Property(MaxTest = 200)]
    public void Every_standard_policy_makes_a_valid_order(Seed seed)
    {
        var (problem, graph, _) = Draw(seed);
        var search = SearchGraph.Of(graph);
        var lists = new ListScheduler(search);
        var dates = LaneDates.Earliest(problem, search);
        foreach (var policy in new ListPolicies(problem, search).Standard().Take(12))
        {
            lists.Run(policy, dates).ShouldNotBeNull();
            ShouldBeValid(new Schedule(graph, lists.Orders));
        }
    }

    [Fact]
    public void Kernels_that_fit_repeat_to_valid_orders() => RealCases.ShouldBeAtLeast(least: 75, draws: 150, random =>
    {
        var (problem, graph, _) = Draw(random);
        var kernels = new KernelSearch(SearchGraph.Of(graph), random.Next(1, 1 + Math.Min(3, problem.Microbatches)), random);
        if (kernels.Run(tries: 200, () => false) is not { } orders) return false;
        ShouldBeValid(new Schedule(graph, orders));
        return true;
    });

    [Fact]
    public void The_outcome_of_annealed_policies_is_valid() => RealCases.ShouldBeAtLeast(least: 25, draws: 30, random =>
    {
        var (_, graph, _) = Draw(random);
        var policies = new PolicySearch(graph, SearchGraph.Of(graph));
        if (policies.Run(tries: 20, random, () => false) is not { } orders) return false;
        ShouldBeValid(new Schedule(graph, orders));
        return true;
    });

    [Fact]
    public void A_policy_judged_on_fewer_microbatches_is_carried_out_on_all()
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 40, chunks: 2, placement: "v", limit: 5));
        var graph = OperationGraph.Build(problem);
        var orders = new PolicySearch(graph, SearchGraph.Of(graph)).Run(tries: 50, new Random(0), () => false);
        ShouldBeValid(new Schedule(graph, orders.ShouldNotBeNull()));
    }

    [Fact]
    public void An_order_for_few_microbatches_extends_to_a_valid_order_for_many() => RealCases.ShouldBeAtLeast(least: 25, draws: 80, random =>
    {
        var (problem, operations, _) = Draw(random);
        var many = OperationGraph.Build(problem.WithMicrobatches(problem.Microbatches + 12));
        var few = SearchGraph.Of(operations);
        var lists = new ListScheduler(few);
        lists.Run(new ListPolicies(problem, few).Standard().First(), LaneDates.Earliest(problem, few)).ShouldNotBeNull();
        var graph = SearchGraph.Of(many);
        var dates = LaneDates.Earliest(many.Problem, graph);
        if (new Extension(few, graph).Run(lists.Starts, dates, () => false) is not { } orders) return false;
        ShouldBeValid(new Schedule(many, orders));
        return true;
    });

    [Theory]
    [InlineData("linear", 1, 3)]
    [InlineData("v", 2, 2)]
    public void A_schedule_of_a_few_round_trips_extends_at_the_same_pace(string placement, int chunks, int limit)
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 60, chunks: chunks, placement: placement, limit: limit * chunks));
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        ExtendedConstruction.Suit(problem).ShouldBeTrue();
        var orders = new ExtendedConstruction(operations, graph, new Random(0)).Next(() => false).ShouldNotBeNull();
        var makespan = Makespan(operations, orders);
        var few = OperationGraph.Build(problem.WithMicrobatches(20));
        var start = new PolicySearch(few, SearchGraph.Of(few)).Run(tries: 300, new Random(0), () => false).ShouldNotBeNull();
        makespan.ShouldBeLessThanOrEqualTo(3 * Makespan(few, start));
    }

    [Fact]
    public void The_building_block_of_v_min_needs_its_memory_and_no_bubble_in_the_steady_state()
    {
        // Unit times, p = 8: V-Min holds floor((p + 4) / 3) = 4 microbatches, 8 chunks, on each device.
        var problem = Problem.Create(Shape.Profile(devices: 8, microbatches: 64, chunks: 2, placement: "v", limit: 8));
        var graph = OperationGraph.Build(problem);
        var orders = new KernelSearch(SearchGraph.Of(graph), microbatches: 1, new Random(0)).Run(tries: 1, () => false);
        var metrics = ScheduleMetrics.Of(Replay.Run(new Schedule(graph, orders.ShouldNotBeNull())));
        metrics.PeakMemory.Max().ShouldBe(problem.LimitOf(0));
        metrics.Makespan.ShouldBeLessThan(6 * 64 + 6 * 8);
    }

    [Fact]
    public void Building_blocks_make_valid_orders() => RealCases.ShouldBeAtLeast(least: 20, draws: 80, random =>
    {
        var (_, graph, _) = Draw(random);
        var blocks = new BlockConstruction(graph, SearchGraph.Of(graph), random);
        var made = 0;
        for (; made < 3 && blocks.Next(() => false) is { } orders; made++) ShouldBeValid(new Schedule(graph, orders));
        return made > 0;
    });

    [Fact]
    public void Between_the_memory_of_v_min_and_v_half_a_building_block_with_pauses_starts_better_than_v_min()
    {
        // p = 8: V-Min holds 8 chunks and V-Half 10. V-Min's period is 12 where a device is busy for 10. Judged on 24 microbatches, repeated for 60.
        var problem = Problem.Create(Shape.Profile(
            devices: 8, microbatches: 60, chunks: 2, placement: "v", forward: 2, backwardInput: 2, backwardWeight: 1, limit: 9));
        var graph = OperationGraph.Build(problem);
        var vMin = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, FamilyCatalogue.All.Single(family => family.Name == "v-min").Order(problem))));
        var orders = new BlockConstruction(graph, SearchGraph.Of(graph), new Random(0)).Next(() => false);
        var schedule = new Schedule(graph, orders.ShouldNotBeNull());
        ShouldBeValid(schedule);
        ScheduleMetrics.Of(Replay.Run(schedule)).Makespan.ShouldBeLessThan(vMin.Makespan);
    }

    [Property(MaxTest = 200)]
    public void Improvement_keeps_orders_valid_and_says_their_exact_cost(Seed seed)
    {
        var (problem, graph, schedule) = Draw(seed);
        var search = SearchGraph.Of(graph);
        var random = new Random(seed.Item);
        var improvement = new OrderImprovement(graph, search, random);
        var order = new Arrangement(search);
        using var board = new SearchBoard(Solution.Verified(schedule, "random", default), targetGap: 0, improved: _ => { });
        order.Take(board.OrdersOf(board.Best), order.Starts, 0);
        improvement.Retime(order);
        ShouldCost(order, problem, graph);
        for (var round = 0; round < 4; round++)
        {
            improvement.Compact(order, random.NextDouble());
            improvement.Retime(order);
            ShouldCost(order, problem, graph);
            var before = order.Cost;
            improvement.AnnealWindow(order, heat: 0.5);
            order.Cost.ShouldBeLessThanOrEqualTo(before);
            improvement.Retime(order);
            ShouldCost(order, problem, graph);
        }
    }

    [Property(MaxTest = 200)]
    public void Taking_microbatches_in_turn_costs_nothing(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var mixed = Solution.Verified(RandomOrders.Next(problem, random), "random", default);
        using var board = new SearchBoard(mixed, targetGap: 0, improved: _ => { });
        var inTurn = Solution.Verified(new Schedule(board.Graph, board.OrdersOf(mixed)), "random", default);
        inTurn.Objective.ShouldBeLessThanOrEqualTo(mixed.Objective);
        Enumerable.Range(0, problem.Devices).ShouldAllBe(device => inTurn.Metrics.PeakMemory[device] <= mixed.Metrics.PeakMemory[device]);
    }

    private static (Problem Problem, OperationGraph Graph, Schedule Schedule) Draw(Seed seed) => Draw(new Random(seed.Item));

    private static (Problem Problem, OperationGraph Graph, Schedule Schedule) Draw(Random random)
    {
        var problem = RandomProblems.Next(random);
        var graph = OperationGraph.Build(problem);
        return (problem, graph, RandomOrders.Next(graph, random));
    }

    private static long Makespan(OperationGraph operations, int[][] orders)
    {
        var schedule = new Schedule(operations, orders);
        ShouldBeValid(schedule);
        return ScheduleMetrics.Of(Replay.Run(schedule)).Makespan;
    }

    private static int[][] Orders(Schedule schedule) =>
        [.. Enumerable.Range(0, schedule.Graph.Lanes.Count).Select(lane => schedule.OrderOf(lane).ToArray())];

    private static long Earliest(Problem problem, Schedule schedule)
    {
        var open = Problem.Create(problem.Profile, Objective.Makespan, problem.SplitBackward);
        var graph = OperationGraph.Build(open);
        var makespan = ScheduleMetrics.Of(Replay.Run(new Schedule(graph, Orders(schedule)))).Makespan;
        return problem.TimeScale.ToTicks(open.TimeScale.FromTicks(makespan));
    }

    private static void ShouldCost(Arrangement order, Problem problem, OperationGraph graph)
    {
        var schedule = new Schedule(graph, order.Orders);
        ShouldBeValid(schedule);
        var metrics = ScheduleMetrics.Of(Replay.Run(schedule));
        order.Cost.ShouldBe(problem.Objective == Objective.Span ? metrics.Span : metrics.Makespan);
    }

    private static void ShouldBeValid(Schedule schedule) =>
        Verifier.Check(schedule.Problem, TimedOperation.DevicesOf(Replay.Run(schedule))).ShouldBeEmpty();
}

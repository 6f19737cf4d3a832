using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>Improvements looked at step by step.</summary>
public class FullAssertTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("plain")]
    [InlineData("featured")]
    [InlineData("without time")]
    public void Whatever_is_kept_up_to_date_is_what_follows_from_scratch(string kind)
    {
        var check = new FullAssert();
        RealCases.ShouldBeAtLeast(least: 15, draws: 30, random =>
        {
            var problem = kind switch
            {
                "featured" => RandomProblems.NextFeatured(random),
                "without time" => RandomProblems.NextWithoutTime(random, percentWithoutTime: 70),
                _ => RandomProblems.Next(random, maxDevices: 4, maxMicrobatches: 6),
            };
            using var board = new SearchBoard(Solution.Verified(RandomOrders.Next(problem, random), "random", default), targetGap: 0, improved: _ => { });
            var graph = board.Flat;
            if (graph.Count > 200) return false;
            var improvement = new OrderImprovement(board.Graph, graph, random, check);
            var order = new Arrangement(graph);
            order.TakeOrders(board.OrdersOf(board.BestOfGraph));
            improvement.Retime(order);
            improvement.AnnealWindow(order, heat: 0.5);
            improvement.Retime(order);
            improvement.Tighten(order);
            improvement.Tighten(order);
            improvement.Compact(order, tolerance: 1);
            improvement.Retime(order);
            improvement.Settle(order, () => true);
            return true;
        });
        output.WriteLine($"{check.Choices} choices, {check.Moves} moves, {check.Made} of them made, {check.Replays} replays.");
        check.Choices.ShouldBeGreaterThan(5_000);
        check.Moves.ShouldBeGreaterThan(10_000);
        check.Made.ShouldBeGreaterThan(1_000);
        check.Replays.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Wrong_amounts_wrong_starts_and_wrong_costs_are_noticed()
    {
        var problem = Problem.Create(Shape.Profile(devices: 3, microbatches: 4, limit: 2));
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        var lists = new ListScheduler(graph);
        var dates = LaneDates.Open(graph.LaneCount);
        var cost = lists.Run(new ListPolicies(problem, graph).Standard().First(), dates).ShouldNotBeNull();
        var check = new FullAssert();
        check.Compacted(graph, lists.Orders, lists.Starts, cost, dates);
        Should.Throw<ShouldAssertException>(() => check.Compacted(graph, lists.Orders, lists.Starts, cost + 1, dates));
        Should.Throw<ShouldAssertException>(() => check.Compacted(graph, lists.Orders, [.. lists.Starts.Select(start => start / 2)], cost, dates));
        Should.Throw<ShouldAssertException>(() => check.BeforeChoice(
            graph, lists.Orders, lists.Orders, new int[graph.Chains.Length], lists.Starts, [1, 0, 0]));
        var order = new Arrangement(graph);
        order.Take(lists.Orders, ScratchReplay.Of(graph, lists.Orders, dates).ShouldNotBeNull().Starts, cost);
        check.Retimed(graph, order, dates);
        order.Starts[^1]++;
        Should.Throw<ShouldAssertException>(() => check.Retimed(graph, order, dates));
    }
}

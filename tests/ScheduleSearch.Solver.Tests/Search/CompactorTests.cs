using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>Compaction fills gaps; without tolerance it delays nothing.</summary>
public class CompactorTests
{
    [Fact]
    public void Without_tolerance_no_operation_starts_later_than_before() => RealCases.ShouldBeAtLeast(least: 60, draws: 150, random =>
    {
        var problem = random.Chance(50) ? RandomProblems.Next(random) : RandomProblems.NextFeatured(random);
        using var board = new SearchBoard(Solution.Verified(RandomOrders.Next(problem, random), "random", default), targetGap: 0, improved: _ => { });
        var graph = board.Flat;
        var dates = LaneDates.Open(graph.LaneCount);
        var orders = board.OrdersOf(board.BestOfGraph);
        var before = ScratchReplay.Of(graph, orders, dates).ShouldNotBeNull();
        var compactor = new Compactor(graph, new FullAssert());
        var cost = compactor.Run(orders, before.Starts, dates, tolerance: 0, random);
        cost.ShouldBeLessThanOrEqualTo(before.Cost);
        for (var operation = 0; operation < graph.Count; operation++) compactor.Starts[operation].ShouldBeLessThanOrEqualTo(before.Starts[operation]);
        // The others had nothing to pull.
        return Enumerable.Range(0, graph.Count).Any(operation => compactor.Starts[operation] < before.Starts[operation]);
    });

    [Fact]
    public void A_gap_is_filled_by_the_next_operation_of_another_chain_that_fits_it()
    {
        // The second device waits for the first one's forwards; the weight gradients that stand last fit into the gaps.
        var (graph, orders) = WeightsLast(limit: null);
        var dates = LaneDates.Open(graph.LaneCount);
        var before = ScratchReplay.Of(graph, orders, dates).ShouldNotBeNull();
        var compactor = new Compactor(graph);
        compactor.Run(orders, before.Starts, dates, tolerance: 0, new Random(0)).ShouldBeLessThan(before.Cost);
    }

    [Fact]
    public void Nothing_is_pulled_that_memory_does_not_hold_before_what_it_overtakes()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2, limit: 1));
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        int[][] orders = [.. Enumerable.Range(0, 2).Select(device => Enumerable.Range(0, 2).SelectMany(microbatch => new[]
        {
            operations.IndexOf(Operation.Forward(device, microbatch)),
            operations.IndexOf(Operation.BackwardInput(device, microbatch)),
            operations.IndexOf(Operation.BackwardWeight(device, microbatch)),
        }).ToArray())];
        var dates = LaneDates.Open(graph.LaneCount);
        var starts = ScratchReplay.Of(graph, orders, dates).ShouldNotBeNull().Starts;
        var compactor = new Compactor(graph);
        compactor.Run(orders, starts, dates, tolerance: 0, new Random(0));
        // The first device idles while the second one works, and its second forward would fit the gap; memory has room for one alone.
        compactor.Orders[0].ShouldBe(orders[0]);
    }

    private static (SearchGraph Graph, int[][] Orders) WeightsLast(int? limit)
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 4, limit: limit));
        var operations = OperationGraph.Build(problem);
        var graph = SearchGraph.Of(operations);
        int[][] orders = [.. Enumerable.Range(0, 2).Select(device => Enumerable.Range(0, graph.Count)
            .Where(operation => graph.Lane[operation] == device)
            .OrderBy(operation => operations.Operations[operation].Kind == OperationKind.BackwardWeight)
            .ThenBy(operation => operations.Operations[operation].Microbatch)
            .ThenBy(operation => operation)
            .ToArray())];
        return (graph, orders);
    }
}

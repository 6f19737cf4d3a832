using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Search.Periodic;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>Operations on no lane: searches order what is around them, and answers keep them.</summary>
public class BarrierTests
{
    /// <summary>Nothing but the second microbatch's way from the barrier back to the first device counts: 5, and 1 + 1 + 2 + 2.</summary>
    private const long Least = 11;

    [Fact]
    public void The_first_answer_keeps_the_barrier()
    {
        var solution = QuickPass.Solve(Draw(devices: 3, microbatches: 5));
        Check(solution);
        solution.Timeline.Graph.Count.ShouldBe((3 * 5 * 3) + 1);
    }

    [Fact]
    public void Searches_order_a_graph_in_which_it_is_a_lag_and_offer_schedules_with_it()
    {
        var problem = Draw(devices: 3, microbatches: 5);
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, Check);
        board.Graph.LaneOf.ToArray().ShouldAllBe(lane => lane >= 0);
        KernelSearch.Suits(board.Flat).ShouldBeFalse();
        var start = board.Best.Objective;
        var order = new Arrangement(board.Flat);
        order.TakeOrders(board.OrdersOf(board.Best));
        var improvement = new OrderImprovement(board.Graph, board.Flat, new Random(0));
        improvement.Retime(order);
        order.Cost.ShouldBe(start);

        new LocalSearch().Run(board, new SearchBudget(Work: 300, Seed: 1, Workers: 1), CancellationToken.None);
        Check(board.Best);
        board.Best.Objective.ShouldBeLessThanOrEqualTo(start);
        board.Offer(order.Orders, "again").ShouldBeFalse();
    }

    [Fact]
    public void A_model_of_all_orders_proves_what_is_worked_by_hand()
    {
        var problem = Draw(devices: 2, microbatches: 2, split: false);
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, Check);
        new CpSatMethod().Run(board, new SearchBudget(Work: null, Seed: 0, Workers: 2), CancellationToken.None);
        (board.Best.Objective, board.Best.Bound.Ticks).ShouldBe((Least, Least));
        ExhaustiveSearch.Solve(problem)!.Optimum.ShouldBe(Least);
    }

    [Fact]
    public void What_is_found_goes_from_process_to_process_without_it_and_has_it_there()
    {
        using var board = new SearchBoard(QuickPass.Solve(Draw(devices: 3, microbatches: 4)), targetGap: 0, _ => { });
        var read = FoundMessage.Of(board).Read(board.Problem);
        Check(read);
        read.Objective.ShouldBe(board.Best.Objective);
    }

    private static Problem Draw(int devices, int microbatches, bool split = true) =>
        Problem.Create(Shape.Profile(devices, microbatches), splitBackward: split, features: FeatureCatalogue.Default.With(new BarrierFeature(ticks: 3)));

    private static void Check(Solution solution)
    {
        var (timeline, graph) = (solution.Timeline, solution.Timeline.Graph);
        var barrier = graph.IndexOf(BarrierFeature.Barrier);
        barrier.ShouldBeGreaterThanOrEqualTo(0);
        var passed = Enumerable.Range(0, solution.Problem.Stages).Max(stage => timeline.EndOf(graph.IndexOf(Operation.Forward(stage, 0)))) + 3;
        timeline.EndOf(barrier).ShouldBe(passed);
        for (var stage = 0; stage < solution.Problem.Stages; stage++)
            timeline.StartOf(graph.IndexOf(Operation.Forward(stage, 1))).ShouldBeGreaterThanOrEqualTo(passed);
        ScheduleMetrics.Of(Replay.Run(timeline.Schedule)).Objective.ShouldBe(solution.Objective);
    }
}

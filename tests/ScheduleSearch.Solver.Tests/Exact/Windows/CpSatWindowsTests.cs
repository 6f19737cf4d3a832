using FsCheck.Xunit;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Exact.Windows;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Exact.Windows;

public class CpSatWindowsTests(ITestOutputHelper output)
{
    private static readonly SearchBudget Some = new(Work: 30_000, Seed: 0, Workers: 1);

    /// <summary>Those of the proved optima that one window proves in about a second.</summary>
    public static TheoryData<string> QuickOptima =>
    [
        "linear fused, limit 4",
        "linear split, limit 4",
        "linear split, limit 3, span",
        "linear split, limit 4, span",
        "linear fused, latency 1, limit 4",
        "linear fused, latency 1, limit 7",
        "interleaved fused, limit 8",
        "V fused, 4 microbatches, limit 8",
        "V fused, 2 devices, 2 microbatches",
        "V fused, 3 devices, 3 microbatches",
    ];

    [Theory]
    [MemberData(nameof(QuickOptima))]
    public void A_window_that_covers_everything_turns_the_worst_order_into_the_best(string name)
    {
        var oracle = ProvedOptimum.All().Single(oracle => oracle.Name == name);
        var best = Run(Sequential(oracle.Problem), Some with { Work = 250_000 });
        oracle.Problem.TimeScale.FromTicks(best.Objective).ShouldBe(oracle.Optimum);
        best.Method.ShouldBe("cp-sat-windows");
    }

    [Fact]
    public void Small_problems_of_every_kind_are_solved_to_the_optimum_of_every_order()
    {
        var random = new Random(8);
        for (var draw = 0; draw < 120; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (ExhaustiveSearch.Solve(problem) is not { } search) continue;
            // Spans may lie between two steps of the solver's grid, and the best of them is not told from the next one.
            var between = problem.Objective == Objective.Span ? TimeGrid.For(OperationGraph.Build(problem), 2 * search.Optimum).Ticks - 1 : 0;
            Run(Sequential(problem), Some).Objective.ShouldBeInRange(search.Optimum, search.Optimum + between, $"case {draw}");
        }
    }

    /// <summary>
    /// One window over everything finds the best of the orders whose slices follow each other microbatch by microbatch, which for recomputed
    /// activations and whole microbatches are all there are, with the share of the pipes that it starts from.
    /// </summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void Sliced_and_recomputing_problems_are_solved_as_far_as_orders_in_turn_go(int pipes, bool isSliced)
    {
        var random = new Random(33);
        var (compared, met) = (0, 0);
        for (var draw = 0; draw < 40; draw++)
        {
            var problem = SmallFeaturedProblems.Draw(random, pipes, isSliced);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 3_000) is not { } search) continue;
            var between = problem.Objective == Objective.Span ? TimeGrid.For(OperationGraph.Build(problem), 2 * search.Optimum).Ticks - 1 : 0;
            var found = Run(Sequential(problem), Some).Objective;
            found.ShouldBeGreaterThanOrEqualTo(search.Optimum, $"case {draw}");
            if (pipes == 1 && !isSliced) found.ShouldBeLessThanOrEqualTo(search.Optimum + between, $"case {draw}");
            compared++;
            if (found <= search.Optimum + between) met++;
        }

        output.WriteLine($"{compared} problems, {met} of them solved to the optimum of every order.");
        met.ShouldBeGreaterThan(compared / 2);
    }

    /// <summary>The board verifies what it is offered and throws when an order is invalid or does not fit into memory.</summary>
    [Property(MaxTest = 60)]
    public void Windows_keep_orders_valid_and_never_make_them_worse(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var start = Solution.Verified(RandomOrders.Next(OperationGraph.Build(problem), random), "random", default);
        var best = Run(start, Some with { Seed = seed.Item });
        best.Objective.ShouldBeLessThanOrEqualTo(start.Objective);
    }

    /// <summary>A problem on which the solver branches on for ever, without doing any work in its own measure.</summary>
    [Fact]
    public void A_window_in_which_the_solver_goes_in_circles_ends()
    {
        var random = new Random(1527260884);
        var problem = RandomProblems.Next(random);
        var start = Solution.Verified(RandomOrders.Next(OperationGraph.Build(problem), random), "random", default);
        Run(start, Some with { Seed = 1527260884 }).Objective.ShouldBeLessThanOrEqualTo(start.Objective);
    }

    [Property(MaxTest = 40)]
    public void Operations_of_no_duration_leave_orders_valid(Seed seed)
    {
        var random = new Random(seed.Item);
        var start = Sequential(SmallProblems.Draw(random, shortest: 0));
        Run(start, Some).Objective.ShouldBeLessThanOrEqualTo(start.Objective);
    }

    [Fact]
    public void Times_too_fine_for_the_solver_are_judged_by_the_replay()
    {
        var profile = Shape.Profile(2, 3, forward: 1234.567891m, backwardInput: 2345.678912m, backwardWeight: 987.654321m, communication: 12.345678m, limit: 2);
        var problem = Problem.Create(profile);
        Run(Sequential(problem), Some).Objective.ShouldBe(ExhaustiveSearch.Solve(problem)!.Optimum);
    }

    [Theory]
    [InlineData("1.5B_p8_m24-v-0.5x-makespan")]
    [InlineData("6.2B_p8_m24-v-0.5x-makespan")]
    [InlineData("14.6B_p16_m48-v-0.625x-makespan")]
    public void Windows_of_a_long_order_improve_it(string name)
    {
        var start = QuickPass.Solve(StoredRequest.Read(name).Problem);
        Run(start, Some with { Work = 160_000 }).Objective.ShouldBeLessThan(start.Objective);
    }

    [Fact]
    public void A_work_limit_gives_the_same_answer_on_every_run()
    {
        var start = QuickPass.Solve(StoredRequest.Read("1.5B_p8_m24-v-0.5x-makespan").Problem);
        var budget = Some with { Work = 80_000, Seed = 3 };
        var (first, second) = (Run(start, budget), Run(start, budget with { Workers = 2 }));
        second.Timeline.Starts.ToArray().ShouldBe(first.Timeline.Starts.ToArray());
        first.Objective.ShouldBeLessThan(start.Objective);
    }

    [Fact]
    public void Goes_on_from_what_others_offer()
    {
        var problem = StoredRequest.Read("1.5B_p8_m24-v-0.5x-makespan").Problem;
        var better = QuickPass.Solve(problem);
        using var canceled = new CancellationTokenSource();
        var offered = false;
        SearchBoard? board = null;
        using var owned = board = new SearchBoard(Sequential(problem), targetGap: 0, improved: found =>
        {
            if (found.Objective < better.Objective) canceled.Cancel();
            if (offered) return;
            offered = true;
            board!.Offer(board.OrdersOf(better), better.Method);
        });
        new CpSatWindows().Run(board, Some with { Work = null }, canceled.Token);
        board.Best.Objective.ShouldBeLessThan(better.Objective);
        board.Best.Method.ShouldBe("cp-sat-windows");
    }

    [Fact]
    public void Stops_when_it_is_canceled()
    {
        var start = QuickPass.Solve(StoredRequest.Read("14.6B_p16_m48-v-0.5x-makespan").Problem);
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Run(start, Some with { Work = null }, canceled.Token).ShouldBeSameAs(start);

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
        Run(start, Some with { Work = null }, soon.Token).IsOptimal.ShouldBeFalse();
    }

    private static Solution Run(Solution start, SearchBudget budget, CancellationToken cancellation = default)
    {
        using var board = new SearchBoard(start, targetGap: 0, improved: _ => { });
        new CpSatWindows().Run(board, budget, cancellation);
        return board.Best;
    }

    /// <summary>One microbatch after the other.</summary>
    private static Solution Sequential(Problem problem)
    {
        var graph = OperationGraph.Build(problem);
        var orders = graph.Lanes.Select((_, lane) => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == lane).ToArray()).ToArray();
        return Solution.Verified(new Schedule(graph, orders), "sequential", BoundCatalogue.Best(problem));
    }
}

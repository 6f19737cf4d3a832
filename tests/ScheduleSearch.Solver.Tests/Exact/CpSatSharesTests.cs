using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Exact;

public class CpSatSharesTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_pipes_are_proved_optimal_over_every_share_of_the_microbatches()
    {
        var random = new Random(22);
        var (compared, moved) = (0, 0);
        for (var draw = 0; draw < 300; draw++)
        {
            var problem = SmallProblems.DrawFeatured(random);
            if (problem.Placement.Pipes == 1 || ExhaustiveSearch.Solve(problem, limitOfNodes: 20_000) is not { } search) continue;
            using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, _ => { });
            new CpSatShares().Run(board, new SearchBudget(Work: null, Seed: draw, Workers: 1), CancellationToken.None);

            board.Best.Objective.ShouldBe(search.Optimum, $"case {draw}");
            board.Best.Bound.Ticks.ShouldBe(search.Optimum, $"case {draw}");
            compared++;
            if (board.Best.Timeline.Graph.Selection.CountOn(0) != board.Selection.CountOn(0)) moved++;
        }

        output.WriteLine($"{compared} problems, {moved} of them better with another share than the first.");
        compared.ShouldBeGreaterThan(40);
        moved.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_pipes_with_slices_or_recomputation_meet_the_optimum_of_every_order_and_share(bool isSliced)
    {
        var random = new Random(32);
        var (compared, proved, oneSided) = (0, 0, 0);
        for (var draw = 0; draw < 60; draw++)
        {
            var problem = SmallFeaturedProblems.Draw(random, pipes: 2, isSliced);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 3_000) is not { } search) continue;
            using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, _ => { });
            new CpSatShares().Run(board, new SearchBudget(Work: null, Seed: draw, Workers: 1), CancellationToken.None);

            compared++;
            board.Best.Bound.Ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            if (!problem.HasRoomFor(0) || !problem.HasRoomFor(1)) oneSided++;
            if (!board.Best.IsOptimal) continue;
            board.Best.Objective.ShouldBe(search.Optimum, $"case {draw}");
            proved++;
        }

        output.WriteLine($"{compared} problems, {proved} proved optimal, {oneSided} with room for one pipe only.");
        proved.ShouldBeGreaterThan(25);
        oneSided.ShouldBeGreaterThan(0);
        (compared - proved).ShouldBeLessThan(compared / 10);
    }

    [Theory]
    [InlineData(1, false, 4, 4, 16)]
    [InlineData(1, false, 8, 4, 28)]
    [InlineData(2, false, 8, 8, 52)]
    [InlineData(1, true, 8, 5, 25)]
    public void The_search_meets_the_proved_optima_of_two_pipes(int chunks, bool split, int microbatches, int limit, long optimum)
    {
        var problem = Problem.Create(Shape.Profile(4, microbatches, chunks, "bidirectional", limit: limit), splitBackward: split);
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, _ => { });
        PortfolioSearch.Run(board, work: null, seed: 0, workers: 2, message => Assert.Fail(message), TimeProvider.System, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        (board.Best.Objective, board.Best.Bound.Ticks).ShouldBe((optimum, optimum));
    }
}

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

using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Portfolio;

public class StallWatchTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public void Tells_when_nothing_has_improved_for_a_while()
    {
        using var board = Board();
        using var watch = new StallWatch(board, TimeSpan.FromMilliseconds(50), CancellationToken.None);
        watch.Stalled.WaitHandle.WaitOne(Long).ShouldBeTrue();
    }

    [Fact]
    public void Is_stopped_with_the_search()
    {
        using var board = Board();
        using var search = new CancellationTokenSource();
        using var watch = new StallWatch(board, Long, search.Token);
        watch.Stalled.IsCancellationRequested.ShouldBeFalse();
        search.Cancel();
        watch.Stalled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Windows_take_over_from_a_local_search_that_has_stalled()
    {
        // At half of its memory this order of 1,152 operations stalls within seconds, far from the bound.
        var start = QuickPass.Solve(StoredRequest.Read("6.2B_p8_m24-v-0.5x-makespan").Problem);
        using var found = new CancellationTokenSource(Long);
        using var board = new SearchBoard(start, targetGap: 0, improved: best =>
        {
            if (best.Method == "cp-sat-windows") found.Cancel();
        });
        PortfolioSearch.Run(board, work: null, seed: 0, workers: 1, report: _ => { }, found.Token);
        board.Best.Method.ShouldBe("cp-sat-windows");
    }

    private static SearchBoard Board() =>
        new(QuickPass.Solve(Core.Profiles.Problem.Create(Shape.Profile(devices: 4, microbatches: 8, limit: 2))), targetGap: 0, improved: _ => { });
}

using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Features;

/// <summary>Four devices, eight microbatches, forwards of 1 and whole backwards of 2: what waiting for links costs beside latency.</summary>
public class LinkOptimaTests
{
    /// <summary>Messages that wait for each other on a link cost no more here; of 3 they do where all that a device sends waits.</summary>
    public static TheoryData<int, int, Exclusivity, long> Optima => new()
    {
        { 1, 4, Exclusivity.None, 46 },
        { 1, 5, Exclusivity.None, 43 },
        { 1, 7, Exclusivity.None, 39 },
        { 1, 4, Exclusivity.Link, 46 },
        { 1, 5, Exclusivity.Link, 43 },
        { 1, 7, Exclusivity.Link, 39 },
        { 1, 4, Exclusivity.Device, 46 },
        { 1, 5, Exclusivity.Device, 43 },
        { 1, 7, Exclusivity.Device, 39 },
        { 3, 7, Exclusivity.None, 60 },
        { 3, 7, Exclusivity.Link, 60 },
        { 3, 7, Exclusivity.Device, 64 },
    };

    [Theory]
    [MemberData(nameof(Optima))]
    public void A_model_of_all_orders_proves_the_optimum(int latency, int limit, Exclusivity exclusive, long optimum)
    {
        var start = QuickPass.Solve(Draw(latency, limit, exclusive));
        using var board = new SearchBoard(Solution.Verified(start.Timeline.Schedule, start.Method, new ProvedBound(0, "none")), targetGap: 0, _ => { });
        new CpSatMethod().Run(board, new SearchBudget(Work: null, Seed: 0, Workers: 2), CancellationToken.None);
        (board.Best.Objective, board.Best.Bound.Ticks, board.Best.Bound.Name).ShouldBe((optimum, optimum, "cp-sat"));
    }

    [Theory]
    [MemberData(nameof(Optima))]
    public void The_search_reaches_and_proves_it(int latency, int limit, Exclusivity exclusive, long optimum)
    {
        using var board = new SearchBoard(QuickPass.Solve(Draw(latency, limit, exclusive)), targetGap: 0, _ => { });
        PortfolioSearch.Run(board, work: null, seed: 0, workers: 2, message => Assert.Fail(message), TimeProvider.System, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        (board.Best.Objective, board.Best.Bound.Ticks).ShouldBe((optimum, optimum));
    }

    [Theory]
    [InlineData(1, Exclusivity.None, 49)]
    [InlineData(1, Exclusivity.Link, 49)]
    [InlineData(1, Exclusivity.Device, 49)]
    [InlineData(3, Exclusivity.None, 81)]
    [InlineData(3, Exclusivity.Link, 81)]
    [InlineData(3, Exclusivity.Device, 83)]
    public void One_forward_one_backward_replays(int latency, Exclusivity exclusive, long makespan) =>
        ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Draw(latency, limit: 4, exclusive)))).Makespan.ShouldBe(makespan);

    private static Problem Draw(int latency, int limit, Exclusivity exclusive)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, limit: limit);
        return Problem.Create(profile with { Times = profile.Times with { Communication = new() { Latency = latency, Exclusive = exclusive } } }, splitBackward: false);
    }
}

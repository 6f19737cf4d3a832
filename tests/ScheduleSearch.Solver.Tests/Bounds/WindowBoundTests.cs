using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Bounds;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Bounds;

public class WindowBoundTests
{
    private static readonly WindowBound Method = new();

    /// <summary>Eight even stages with half of 1F1B's memory, of which 45 % waits for the weight gradient.</summary>
    private static Profile HalfMemory(int microbatches) => Shape.Profile(
        8, microbatches, forward: 29.8m, backwardInput: 29.5m, backwardWeight: 19.5m, communication: 0.55m, limit: 4, retained: 0.45m);

    [Fact]
    public void Adds_windows_of_a_full_memory_to_what_the_last_microbatches_take()
    {
        // The round trips of 16 of the 24 microbatches, four at a time, and at least the 8 last ones alone.
        var bound = Prove(HalfMemory(24), new SearchBudget(Work: 50_000_000, Seed: 1, Workers: 1));
        bound.Name.ShouldBe("window-bound");
        bound.Ticks.ShouldBeGreaterThanOrEqualTo(4 * 50_160 + 123_960);
    }

    [Fact]
    public void Proves_the_least_time_between_two_first_starts()
    {
        var problem = Problem.Create(HalfMemory(24));
        var times = new WindowTimes(problem);
        var search = new WindowSearch(times, new SearchBudget(Work: 150_000_000, Seed: 0, Workers: 1), CancellationToken.None);
        search.SolveBetween(4, Whole(problem));
        times.Between(4).ShouldBe(50160);
    }

    [Theory]
    [InlineData(4, 50160)]
    [InlineData(8, 100320)]
    public void The_first_device_alone_tells_as_much_of_even_stages(int microbatches, long ticks)
    {
        var problem = Problem.Create(HalfMemory(24));
        var times = new WindowTimes(problem);
        var search = new WindowSearch(times, new SearchBudget(Work: 150_000_000, Seed: 0, Workers: 1), CancellationToken.None);
        search.SolveBetween(microbatches, DeviceGroup.Of(problem)[0]);
        times.Between(microbatches).ShouldBe(ticks);
    }

    [Fact]
    public void The_first_device_alone_bounds_pipelines_too_long_for_the_rest()
    {
        var profile = Shape.Profile(32, 96, forward: 10, backwardInput: 10, backwardWeight: 7, communication: 0.3m, limit: 8, retained: 0.5m);
        Method.Suits(Problem.Create(profile)).ShouldBeTrue();
        var bound = Prove(profile, new SearchBudget(Work: 5_000_000, Seed: 0, Workers: 1));
        // A round trip is 32 forwards, 32 input gradients, 62 messages and a weight gradient, with 8 microbatches in memory.
        bound.Name.ShouldBe("device-relaxation");
        bound.Ticks.ShouldBeGreaterThan(11 * 6656);
    }

    [Theory]
    [InlineData(4, 67950)]
    [InlineData(8, 123960)]
    public void Proves_the_least_makespan_of_a_few_microbatches(int microbatches, long ticks)
    {
        var problem = Problem.Create(HalfMemory(24));
        var times = new WindowTimes(problem);
        var search = new WindowSearch(times, new SearchBudget(Work: 300_000_000, Seed: 0, Workers: 1), CancellationToken.None);
        search.SolveBetween(4, Whole(problem));
        search.Doublings = 4;
        search.SolveAlone(microbatches, Whole(problem), () => { }).ShouldBeTrue();
        times.Alone(microbatches).ShouldBe(ticks);
    }

    [Fact]
    public void Never_exceeds_the_optimum_of_every_order_and_sometimes_beats_the_closed_forms()
    {
        var random = new Random(5);
        var (bounded, better) = (0, 0);
        for (var draw = 0; draw < 400; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (problem.Objective == Objective.Span || ExhaustiveSearch.Solve(problem) is not { } search) continue;
            // Fewer microbatches than the problem has, so that only the sum can tell.
            var ticks = SumOfWindows(problem);
            ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            bounded++;
            if (ticks > BoundCatalogue.Best(problem).Ticks) better++;
        }

        bounded.ShouldBeGreaterThan(80);
        better.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Never_exceeds_known_optima()
    {
        foreach (var oracle in ProvedOptimum.All().Where(oracle => ((ISearchMethod)Method).Covers.Covers(oracle.Problem)))
        {
            using var board = new SearchBoard(QuickPass.Solve(oracle.Problem), targetGap: 0, improved: _ => { });
            Method.Run(board, new SearchBudget(Work: 5_000_000, Seed: 0, Workers: 1), CancellationToken.None);
            oracle.Problem.TimeScale.FromTicks(board.Best.Bound.Ticks).ShouldBeLessThanOrEqualTo(oracle.Optimum, oracle.Name);
        }
    }

    [Fact]
    public void Is_for_one_pipe_where_memory_does_not_hold_all_microbatches()
    {
        Method.Suits(Problem.Create(HalfMemory(24))).ShouldBeTrue();
        Method.Suits(Problem.Create(HalfMemory(24), Objective.Span)).ShouldBeTrue();
        Method.Suits(Problem.Create(HalfMemory(4))).ShouldBeFalse();
        // Two chunks a device: memory for few sets the pace, memory for more does not.
        Method.Suits(Problem.Create(Shape.Profile(16, 48, chunks: 2, placement: "v", limit: 10))).ShouldBeTrue();
        Method.Suits(Problem.Create(Shape.Profile(16, 48, chunks: 2, placement: "v", limit: 12))).ShouldBeFalse();
        Method.Suits(Problem.Create(Shape.Profile(8, 24))).ShouldBeFalse();
    }

    [Fact]
    public void Stops_when_it_is_canceled()
    {
        using var board = new SearchBoard(QuickPass.Solve(Problem.Create(HalfMemory(24))), targetGap: 0, improved: _ => { });
        var first = board.Best.Bound;
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Method.Run(board, new SearchBudget(Work: null, Seed: 0, Workers: 1), canceled.Token);
        board.Best.Bound.ShouldBe(first);

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        Method.Run(board, new SearchBudget(Work: null, Seed: 0, Workers: 1), soon.Token);
        board.Best.IsOptimal.ShouldBeFalse();
    }

    [Fact]
    public void A_work_limit_gives_the_same_bound_on_every_run()
    {
        var budget = new SearchBudget(Work: 8_000_000, Seed: 3, Workers: 1);
        Prove(HalfMemory(24), budget).ShouldBe(Prove(HalfMemory(24), budget));
    }

    [Fact]
    public void Bounds_the_span_by_that_of_the_first_device()
    {
        var (span, makespan) = (Problem.Create(HalfMemory(24), Objective.Span), Problem.Create(HalfMemory(24)));
        using var board = new SearchBoard(QuickPass.Solve(span), targetGap: 0, improved: _ => { });
        Method.Run(board, new SearchBudget(Work: 50_000_000, Seed: 1, Workers: 1), CancellationToken.None);
        board.Best.Bound.Name.ShouldBe("device-relaxation");
        var ticks = span.TimeScale.FromTicks(board.Best.Bound.Ticks);
        ticks.ShouldBeGreaterThan(makespan.TimeScale.FromTicks(6 * 50_160));
        ticks.ShouldBeLessThanOrEqualTo(makespan.TimeScale.FromTicks(340_900));
    }

    [Fact]
    public void Never_exceeds_the_least_span_of_every_order_and_sometimes_beats_the_closed_forms()
    {
        var random = new Random(8);
        var (bounded, better) = (0, 0);
        for (var draw = 0; draw < 800; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (problem.Objective == Objective.Makespan || ExhaustiveSearch.Solve(problem) is not { } search) continue;
            using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, improved: _ => { });
            var closed = board.Best.Bound.Ticks;
            Method.Run(board, new SearchBudget(Work: null, Seed: 0, Workers: 1), CancellationToken.None);
            board.Best.Bound.Ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            bounded++;
            if (board.Best.Bound.Ticks > closed) better++;
        }

        bounded.ShouldBeGreaterThan(200);
        better.ShouldBeGreaterThan(0);
    }

    private static DeviceGroup Whole(Problem problem) => DeviceGroup.Of(problem)[^1];

    private static ProvedBound Prove(Profile profile, SearchBudget budget)
    {
        using var board = new SearchBoard(QuickPass.Solve(Problem.Create(profile)), targetGap: 0, improved: _ => { });
        Method.Run(board, budget, CancellationToken.None);
        return board.Best.Bound;
    }

    private static long SumOfWindows(Problem problem)
    {
        var times = new WindowTimes(problem);
        var search = new WindowSearch(times, new SearchBudget(Work: null, Seed: 0, Workers: 1), CancellationToken.None);
        for (var count = 1; count < problem.Microbatches; count++)
        {
            foreach (var group in DeviceGroup.Of(problem))
            {
                search.SolveBetween(count, group);
                search.SolveAlone(count, group, () => { });
            }
        }

        return times.Alone(problem.Microbatches);
    }
}

using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Exact;

public class CpSatMethodTests(ITestOutputHelper output)
{
    private static readonly SearchBudget TwoWorkers = new(Work: null, Seed: 0, Workers: 2);

    /// <summary>Leaves the whole proof to the solver.</summary>
    private static readonly ProvedBound Unbounded = new(0, "none");

    /// <summary>The quick ones among the proved optima; the benchmarks prove all.</summary>
    public static TheoryData<string> QuickOptima =>
    [
        "linear fused, limit 4",
        "linear split, limit 4",
        "linear split, limit 3, span",
        "linear split, limit 4, span",
        "linear split, limit 5, span",
        "linear split, limit 6, span",
        "linear split, limit 7, span",
        "linear split, 18/18/9, latency 1, limit 4, span",
        "linear fused, latency 1, limit 4",
        "linear fused, latency 1, limit 5",
        "linear fused, latency 1, limit 7",
        "interleaved fused, limit 8",
        "V fused, 4 microbatches, limit 8",
        "V fused, 2 devices, 2 microbatches",
        "V fused, 3 devices, 3 microbatches",
        "linear fused, 8 devices, 16 microbatches, limit 8",
    ];

    [Theory]
    [MemberData(nameof(QuickOptima))]
    public void Proves_known_optima_from_the_worst_start(string name)
    {
        var oracle = ProvedOptimum.All().Single(oracle => oracle.Name == name);
        var best = Run(oracle.Problem, TwoWorkers);
        oracle.Problem.TimeScale.FromTicks(best.Objective).ShouldBe(oracle.Optimum);
        best.IsOptimal.ShouldBeTrue();
    }

    [Theory]
    [InlineData(150, false)]
    [InlineData(100, true)]
    public void Agrees_with_the_optimum_of_every_order(int draws, bool linked)
    {
        var random = new Random(7);
        for (var draw = 0; draw < draws; draw++)
        {
            var problem = linked ? SmallProblems.DrawLinked(random) : SmallProblems.Draw(random);
            if (ExhaustiveSearch.Solve(problem) is not { } search) continue;
            var best = Run(problem, TwoWorkers, Unbounded);
            best.Bound.Ticks.ShouldBe(search.Optimum, $"case {draw}");
            best.Objective.ShouldBe(search.Optimum, $"case {draw}");
        }
    }

    /// <summary>The search of every order holds no chain in turn unless it would take too long: that none is lost is what the model claims.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sliced_and_recomputing_problems_meet_the_optimum_of_every_order(bool isSliced)
    {
        var random = new Random(31);
        var (compared, inAnyTurn, outOfTurn) = (0, 0, 0);
        for (var draw = 0; draw < 80; draw++)
        {
            var problem = SmallFeaturedProblems.Draw(random, pipes: 1, isSliced);
            var inTurn = OperationGraph.Build(problem).Count > 18;
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 6_000, inTurn) is not { } search) continue;
            var best = Run(problem, TwoWorkers, Unbounded);
            best.Bound.Ticks.ShouldBe(search.Optimum, $"case {draw}");
            best.Objective.ShouldBe(search.Optimum, $"case {draw}");
            compared++;
            if (!inTurn) inAnyTurn++;
            var graph = best.Timeline.Graph;
            if (!new OperationChains(graph).AreInTurn([.. graph.Lanes.Select((_, lane) => best.Timeline.Schedule.OrderOf(lane).ToArray())])) outOfTurn++;
        }

        output.WriteLine($"{compared} problems, {inAnyTurn} of them compared with chains in any turn; slices of microbatches mix in {outOfTurn}.");
        compared.ShouldBeGreaterThan(60);
        inAnyTurn.ShouldBeGreaterThan(30);
        if (isSliced) outOfTurn.ShouldBeGreaterThan(0);
    }

    /// <summary>Slices have times in fine ticks, and a span says nothing of when a device begins: bounds would creep along by a tick at a time.</summary>
    [Theory]
    [InlineData(2, 2, 2, 1.5)]
    [InlineData(3, 2, 2, 2)]
    [InlineData(3, 2, 3, 2)]
    public void Spans_of_slices_are_proved_with_little_work(int devices, int microbatches, int slices, double limit)
    {
        var profile = new Profile
        {
            Pipeline = new() { Devices = devices, Microbatches = microbatches },
            Times = new()
            {
                Forward = StageValues.Each([.. new decimal[] { 7, 6, 9 }.Take(devices)]),
                BackwardInput = StageValues.Each([.. new decimal[] { 6, 8, 5 }.Take(devices)]),
                BackwardWeight = StageValues.Each([.. new decimal[] { 7, 5, 4 }.Take(devices)]),
            },
            Memory = new() { Limit = (decimal)limit, Activation = 1m, Retained = 0.4m },
            Slices = new() { Count = slices, Forward = [.. Enumerable.Range(0, slices).Select(slice => 1 + 0.25m * slice)] },
        };
        Run(Problem.Create(profile, Objective.Span), new SearchBudget(Work: 100_000_000, Seed: 0, Workers: 1)).IsOptimal.ShouldBeTrue();
    }

    [Fact]
    public void Operations_of_no_duration_leave_schedules_valid_and_bounds_true()
    {
        var random = new Random(11);
        for (var draw = 0; draw < 150; draw++)
        {
            var problem = SmallProblems.Draw(random, shortest: 0);
            if (ExhaustiveSearch.Solve(problem) is not { } search) continue;
            var best = Run(problem, TwoWorkers, Unbounded);
            best.Bound.Ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            best.Objective.ShouldBeGreaterThanOrEqualTo(search.Optimum, $"case {draw}");
        }
    }

    [Fact]
    public void Times_too_fine_for_the_solver_are_rounded_down_and_bounds_stay_true()
    {
        // Ticks of a millionth: the horizon passes 2^30, and a bound on coarser times must stay below the optimum on exact ones.
        var profile = Shape.Profile(2, 3, forward: 1234.567891m, backwardInput: 2345.678912m, backwardWeight: 987.654321m, communication: 12.345678m, limit: 2);
        var problem = Problem.Create(profile);
        var optimum = ExhaustiveSearch.Solve(problem)!.Optimum;
        var best = Run(problem, TwoWorkers, Unbounded);
        best.Objective.ShouldBe(optimum);
        best.Bound.Name.ShouldBe("cp-sat");
        best.Bound.Ticks.ShouldBeInRange(optimum - optimum / 1_000_000, optimum);
    }

    /// <summary>Without a backward on the first stage, spans say little of how long all devices together take.</summary>
    [Fact]
    public void The_horizon_of_spans_is_added_up_exactly_where_the_first_stage_has_no_backward()
    {
        var profile = Shape.Profile(8, 10, forward: 12.345671m, backwardInput: 23.456789m, backwardWeight: 9.876543m) with { Frozen = new() { Stages = [0] } };
        var problem = Problem.Create(profile, Objective.Span);
        var (graph, span) = (OperationGraph.Build(problem), WorstStart(problem).Objective);
        var longest = ScheduleModel.LongestTicks(graph, span);
        longest.ShouldBeGreaterThanOrEqualTo(problem.Devices * span);
        TimeGrid.For(graph, longest).StepsOf(longest).ShouldBeLessThan(1L << 29);
    }

    [Fact]
    public void Stops_when_it_is_canceled()
    {
        var problem = Problem.Create(Shape.Profile(8, 24, chunks: 2, placement: "v", limit: 6));
        using var board = new SearchBoard(WorstStart(problem), targetGap: 0, improved: _ => { });
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        new CpSatMethod().Run(board, TwoWorkers, canceled.Token);
        board.Best.IsOptimal.ShouldBeFalse();

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        new CpSatMethod().Run(board, TwoWorkers, soon.Token);
        board.Best.IsOptimal.ShouldBeFalse();
    }

    [Fact]
    public void A_work_limit_gives_the_same_answer_on_every_run()
    {
        var problem = Problem.Create(Shape.Profile(4, 8, chunks: 2, placement: "v", limit: 2));
        var budget = new SearchBudget(Work: 1_000_000, Seed: 3, Workers: 2);
        var (first, second) = (Run(problem, budget), Run(problem, budget with { Workers = 1 }));
        second.Objective.ShouldBe(first.Objective);
        second.Bound.ShouldBe(first.Bound);
        second.Timeline.Starts.ToArray().ShouldBe(first.Timeline.Starts.ToArray());
    }

    [Fact]
    public void A_failure_inside_the_solver_comes_out_behind_it()
    {
        var problem = Problem.Create(Shape.Profile(4, 8, limit: 4));
        using var board = new SearchBoard(WorstStart(problem), targetGap: 0, improved: _ => throw new InvalidOperationException("Nobody listens."));
        Should.Throw<InvalidOperationException>(() => new CpSatMethod().Run(board, TwoWorkers, CancellationToken.None)).Message.ShouldBe("Nobody listens.");
    }

    [Theory]
    [InlineData(8, 16, true)]
    [InlineData(8, 64, false)]
    public void Suits_problems_of_up_to_about_a_thousand_operations(int devices, int microbatches, bool suits) =>
        new CpSatMethod().Suits(Problem.Create(Shape.Profile(devices, microbatches))).ShouldBe(suits);

    private static Solution Run(Problem problem, SearchBudget budget, ProvedBound? bound = null)
    {
        using var board = new SearchBoard(WorstStart(problem, bound), targetGap: 0, improved: _ => { });
        new CpSatMethod().Run(board, budget, CancellationToken.None);
        return board.Best;
    }

    /// <summary>One microbatch after the other, so that the solver has something left to do.</summary>
    private static Solution WorstStart(Problem problem, ProvedBound? bound = null)
    {
        var graph = OperationGraph.Build(problem);
        var orders = graph.Lanes.Select((_, lane) => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == lane).ToArray()).ToArray();
        return Solution.Verified(new Schedule(graph, orders), "sequential", bound ?? BoundCatalogue.Best(problem));
    }
}

using System.Text.Json;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Processes;

/// <summary>What goes from process to process comes out as it went in.</summary>
public class MessageTests(ITestOutputHelper output)
{
    [Fact]
    public void A_problem_its_orders_pairs_and_shares_survive()
    {
        var (pipes, slices, pairs, uneven) = (0, 0, 0, 0);
        RealCases.ShouldBeAtLeast(least: 250, draws: 250, random =>
        {
            var problem = random.Chance(80) ? RandomProblems.NextFeatured(random) : PairedProblems.Next(random);
            var start = Any(problem, random);
            using var board = new SearchBoard(start, targetGap: 0, improved: _ => { });
            var options = new SolveOptions { WorkLimit = random.Chance(50) ? null : random.Next(1, 1000), Seed = random.Next(), TargetGap = 0.25 };
            var sent = SolveMessage.Of(board, options, seconds: 1.5, workers: 3);
            var got = JsonSerializer.Deserialize<SolveMessage>(JsonSerializer.Serialize(sent)).ShouldNotBeNull();

            (got.Seconds, got.TargetGap, got.Work, got.Seed, got.Workers).ShouldBe((1.5, 0.25, options.WorkLimit, options.Seed, 3));
            var same = got.ReadProblem();
            same.Id.ShouldBe(problem.Id);
            var read = got.Start.Read(same);
            (read.Method, read.Bound).ShouldBe((start.Method, start.Bound));
            got.Start.Objective.ShouldBe(start.Objective);
            // Whole backwards come out split where the problem allows it, and whole microbatches in turn, which can only be better.
            read.Objective.ShouldBeLessThanOrEqualTo(start.Objective);
            if (problem.SliceCount > 1 && !start.Timeline.Graph.Operations.ToArray().Any(operation => operation.IsWholeBackward))
                read.Objective.ShouldBe(start.Objective);
            var share = start.Timeline.Graph.Selection.CountOn(0);
            read.Timeline.Graph.Selection.CountOn(0).ShouldBe(share);
            // Where pairs save no time they are told as what they are made of.
            PairsOf(read).ShouldBe(problem.HasPairTimes ? PairsOf(start) : 0);

            using var there = new SearchBoard(read, targetGap: 0, improved: _ => { });
            var again = FoundMessage.Of(there);
            (again.Method, again.Bound, again.BoundName).ShouldBe((start.Method, start.Bound.Ticks, start.Bound.Name));
            again.Order.ShouldBe(sent.Start.Order);

            if (problem.Placement.Pipes > 1) pipes++;
            if (problem.SliceCount > 1) slices++;
            if (PairsOf(read) > 0) pairs++;
            if (problem.Placement.Pipes > 1 && 2 * share != problem.Microbatches) uneven++;
            return true;
        });
        output.WriteLine($"{pipes} of two pipes, {uneven} of them shared unevenly, {slices} with slices, {pairs} with pairs.");
        pipes.ShouldBeGreaterThan(40);
        slices.ShouldBeGreaterThan(40);
        pairs.ShouldBeGreaterThan(5);
        uneven.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_board_takes_a_better_schedule_and_a_better_bound_each_for_itself()
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, limit: 2));
        var good = QuickPass.Solve(problem);
        using var other = new SearchBoard(good, targetGap: 0, improved: _ => { });
        var found = FoundMessage.Of(other);

        using var worse = new SearchBoard(Solution.Verified(FamilyCatalogue.Find("gpipe")!.ScheduleOf(Unlimited(problem)), "gpipe", default), targetGap: 0, _ => { });
        var unlimited = FoundMessage.Of(worse);
        unlimited.OfferTo(worse);
        worse.Best.Method.ShouldBe("gpipe");

        using var board = new SearchBoard(Sequential(problem), targetGap: 0, improved: _ => { });
        found.OfferTo(board);
        board.Best.Objective.ShouldBe(good.Objective);
        board.Best.Bound.ShouldBe(good.Bound);

        // A bound counts although the schedule that comes with it is no better.
        var lower = new ProvedBound(1, "low");
        using var bounded = new SearchBoard(Solution.Verified(good.Timeline.Schedule, "good", lower), targetGap: 0, improved: _ => { });
        found.OfferTo(bounded);
        bounded.Best.Method.ShouldBe("good");
        bounded.Best.Bound.ShouldBe(good.Bound);
    }

    [Fact]
    public void A_reply_is_one_line()
    {
        using var board = new SearchBoard(QuickPass.Solve(Problem.Create(Shape.Profile(devices: 2, microbatches: 2))), targetGap: 0, improved: _ => { });
        foreach (var reply in new[] { new SolverReply(Found: FoundMessage.Of(board)), new SolverReply(Defect: "a\nb"), new SolverReply(Done: true) })
        {
            var line = JsonSerializer.Serialize(reply);
            line.ShouldNotContain('\n');
            var got = JsonSerializer.Deserialize<SolverReply>(line).ShouldNotBeNull();
            (got.Done, got.Defect, got.Found?.Objective).ShouldBe((reply.Done, reply.Defect, reply.Found?.Objective));
        }
    }

    /// <summary>A schedule of a family, so that there are pairs, or of no plan, with any share of the pipes.</summary>
    private static Solution Any(Problem problem, Random random)
    {
        var families = FamilyCatalogue.Admitted(problem).Select(family => family.ScheduleOf(problem)).Where(schedule => schedule.FitsMemory()).ToList();
        if (families.Exists(HasPairs)) families.RemoveAll(schedule => !HasPairs(schedule));
        if (families.Count > 0 && random.Chance(50)) return Solution.Verified(families[random.Next(families.Count)], "family", BoundCatalogue.Best(problem));
        var shares = PipeShares.All(problem);
        var graph = OperationGraph.Build(problem, OperationSelection.Finest(problem, shares[random.Next(shares.Count)]));
        return Solution.Verified(RandomOrders.Next(random.Chance(50) ? graph : OperationGraph.Build(problem), random), "random", BoundCatalogue.Best(problem));
    }

    private static int PairsOf(Solution solution) => solution.Timeline.Graph.Operations.ToArray().Count(operation => operation.BeginsPair);

    private static bool HasPairs(Schedule schedule) => schedule.Graph.Operations.ToArray().Any(operation => operation.BeginsPair);

    private static Problem Unlimited(Problem problem) => Problem.Create(problem.Profile with { Memory = null });

    private static Solution Sequential(Problem problem)
    {
        var graph = OperationGraph.Build(problem);
        return Solution.Verified(
            new Schedule(graph, [.. graph.Lanes.Select((_, lane) => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == lane).ToArray())]),
            "sequential",
            default);
    }
}

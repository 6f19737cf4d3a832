using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Search.Pairs;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Search.Pairs;

/// <summary>Forwards and backwards that are carried out together where the search puts them so.</summary>
public class PairSearchTests(ITestOutputHelper output)
{
    [Fact]
    public void One_device_pairs_all_but_its_first_forward_and_its_last_backward()
    {
        var profile = Shape.Profile(devices: 1, microbatches: 2) with { Overlap = new() { Duration = 2.2m } };
        var best = Best(Problem.Create(profile, splitBackward: false), work: 50);
        best.Problem.TimeScale.FromTicks(best.Objective).ShouldBe(5.2m);
        best.IsOptimal.ShouldBeTrue();
        best.Timeline.Schedule.OperationsOn(0).Select(operation => operation.Kind).ShouldBe(
            [OperationKind.Forward, OperationKind.OverlappedForward, OperationKind.OverlappedBackward, OperationKind.Backward], ignoreOrder: false);
    }

    [Fact]
    public void An_interleaved_pipeline_is_no_slower_than_its_family_with_each_forward_beside_a_backward()
    {
        var profile = Shape.Profile(
            devices: 8, microbatches: 24, chunks: 2, "interleaved", forward: 0.5m, backwardInput: 0.5m, backwardWeight: 0.5m, limit: 12, activation: 0.5m) with
        {
            Overlap = new() { Duration = 1.1m },
        };
        var best = Best(Problem.Create(profile), work: 20_000);
        output.WriteLine($"{best.Problem.TimeScale.FromTicks(best.Objective)}, bound {best.Problem.TimeScale.FromTicks(best.Bound.Ticks)}");
        best.Problem.TimeScale.FromTicks(best.Objective).ShouldBeLessThanOrEqualTo(66.9m);
    }

    [Fact]
    public void What_is_offered_is_valid_on_every_placement_and_often_better_than_without_pairs()
    {
        var random = new Random(20_261_130);
        var (better, drawn) = (0, 0);
        for (var draw = 0; draw < 300; draw++)
        {
            var problem = random.Chance(20) ? PairedProblems.Next(random) : RandomProblems.NextFeatured(random);
            var search = new PairSearch();
            if (!search.Covers.Covers(problem) || !search.Suits(problem)) continue;
            var alone = QuickPass.Solve(Problem.Create(problem.Profile with { Overlap = null }, problem.Objective, problem.SplitBackward));
            var best = Best(problem, work: 100);
            Verifier.Check(problem, TimedOperation.DevicesOf(best.Timeline)).ShouldBeEmpty();
            (drawn, better) = (drawn + 1, better + (TimeOf(best) < TimeOf(alone) ? 1 : 0));
        }

        output.WriteLine($"{better} of {drawn}");
        drawn.ShouldBeGreaterThan(40);
        better.ShouldBeGreaterThan(drawn / 3);
    }

    [Fact]
    public void Small_pipelines_are_as_good_as_every_order_with_every_pairing()
    {
        var random = new Random(20_261_130);
        var (met, proved) = (0, 0);
        const int Cases = 40;
        for (var draw = 0; draw < Cases; draw++)
        {
            var (forward, backward) = (random.Next(1, 5), random.Next(1, 7));
            var profile = Shape.Profile(
                random.Next(1, 3), random.Next(2, 4), forward: forward, backwardInput: backward, backwardWeight: 0, communication: random.Next(2));
            var duration = Math.Max(forward, backward) + (decimal)random.Next(0, 5) / 4 * Math.Min(forward, backward);
            var problem = Problem.Create(profile with { Overlap = new() { Duration = duration } }, splitBackward: false);
            var (best, least) = (Best(problem, work: 200), PairedOrders.Least(problem));
            best.Objective.ShouldBeGreaterThanOrEqualTo(least, $"case {draw}");
            best.Bound.Ticks.ShouldBeLessThanOrEqualTo(least, $"case {draw}");
            (met, proved) = (met + (best.Objective == least ? 1 : 0), proved + (best.Bound.Ticks == least ? 1 : 0));
        }

        output.WriteLine($"{met} met, {proved} proved of {Cases}");
        met.ShouldBe(Cases);
    }

    /// <summary>Two stages on one device, or three on two of them: which backward goes with which forward decides what a pair saves.</summary>
    [Fact]
    public void Small_pipelines_pair_the_stages_that_save_most()
    {
        var random = new Random(20_261_201);
        var (met, proved, saved) = (0, 0, 0);
        const int Cases = 30;
        for (var draw = 0; draw < Cases; draw++)
        {
            var (devices, stageDevices) = random.Pick((1, new[] { 0, 0 }), (2, [0, 0, 1]), (2, [0, 1, 0]));
            StageValues Times(int most) => StageValues.Each(stageDevices.Select(_ => (decimal)random.Next(1, most)));
            var plain = Shape.Profile(devices, microbatches: 2, chunks: stageDevices.Length / devices, backwardWeight: 0, communication: random.Next(2));
            plain = plain with
            {
                Pipeline = plain.Pipeline with { Placement = "explicit", StageDevices = [.. stageDevices] },
                Times = plain.Times with { Forward = Times(5), BackwardInput = Times(7) },
            };
            var gain = PairValues.Each(stageDevices.Select(_ => stageDevices.Select(_ => random.Next(0, 5) / 4m).ToArray()));
            var problem = Problem.Create(plain with { Overlap = new() { Gain = gain } }, splitBackward: false);
            var (best, least) = (Best(problem, work: 200), PairedOrders.Least(problem));
            best.Objective.ShouldBeGreaterThanOrEqualTo(least, $"case {draw}");
            best.Bound.Ticks.ShouldBeLessThanOrEqualTo(least, $"case {draw}");
            var apart = PairedOrders.Least(Problem.Create(plain with { Overlap = new() { Gain = 0 } }, splitBackward: false));
            (met, proved) = (met + (best.Objective == least ? 1 : 0), proved + (best.Bound.Ticks == least ? 1 : 0));
            saved += problem.TimeScale.FromTicks(least) < apart ? 1 : 0;
        }

        output.WriteLine($"{met} met, {proved} proved, {saved} with pairs that save of {Cases}");
        saved.ShouldBeGreaterThan(Cases / 3);
        // In one of them a forward waits for a backward that nobody has begun yet, which no policy does.
        met.ShouldBeGreaterThanOrEqualTo(Cases - 1);
    }

    /// <summary>Uneven stages with more or less memory: what a bound takes from the pairs is never more than one of them gives.</summary>
    [Fact]
    public void No_bound_exceeds_every_order_with_every_pairing()
    {
        var random = new Random(20_261_202);
        var met = 0;
        const int Cases = 120;
        for (var draw = 0; draw < Cases; draw++)
        {
            var (devices, chunks, microbatches) = random.Pick((1, 1, 3), (2, 1, 2), (2, 1, 3), (1, 2, 2));
            StageValues Times(int most) => StageValues.Each(Enumerable.Range(0, devices * chunks).Select(_ => (decimal)random.Next(1, most)));
            var plain = Shape.Profile(devices, microbatches, chunks, chunks > 1 ? "interleaved" : "linear", communication: random.Next(3), limit: chunks + random.Next(3));
            plain = plain with { Times = plain.Times with { Forward = Times(6), BackwardInput = Times(6), BackwardWeight = Times(4) } };
            var gain = StageValues.Each(Enumerable.Range(0, devices * chunks).Select(_ => random.Next(0, 5) / 4m));
            var overlapping = plain with { Overlap = new() { Gain = PairValues.Of(gain) } };
            var problem = Problem.Create(overlapping, random.Pick(Objective.Makespan, Objective.Span), splitBackward: false);
            var least = PairedOrders.Least(problem);
            foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(least, $"case {draw}, {bound.Name}");
            met += BoundCatalogue.Best(problem).Ticks == least ? 1 : 0;
        }

        output.WriteLine($"{met} met of {Cases}");
        met.ShouldBeGreaterThan(Cases / 4);
    }

    [Fact]
    public void The_same_seed_and_work_find_the_same()
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, chunks: 2, "v") with { Overlap = new() { Duration = 2.5m } });
        Best(problem, work: 500).Timeline.Schedule.OperationsOn(2).ShouldBe(Best(problem, work: 500).Timeline.Schedule.OperationsOn(2));
    }

    private static decimal TimeOf(Solution solution) => solution.Problem.TimeScale.FromTicks(solution.Objective);

    private static Solution Best(Problem problem, long work)
    {
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, _ => { });
        new PairSearch().Run(board, new SearchBudget(work, Seed: 0, Workers: 1), board.Done);
        board.Best.Bound.Ticks.ShouldBeGreaterThanOrEqualTo(BoundCatalogue.Best(problem).Ticks);
        return board.Best;
    }
}

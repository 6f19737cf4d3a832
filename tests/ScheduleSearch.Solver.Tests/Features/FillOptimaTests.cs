using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Features;

/// <summary>Work of no microbatch in the bubbles of pipelines.</summary>
[Collection(SolverChildren.Alone)]
public sealed class FillOptimaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Small_problems_are_solved_to_the_optimum_of_every_order()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var (random, compared, longer) = (new Random(11), 0, 0);
        for (var draw = 0; compared < 30; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            if (drawn.Stages * drawn.Microbatches > 6) continue;
            var fill = RandomFill.Next(random, drawn.Devices);
            var problem = Problem.Create(drawn.Profile with { Fill = fill }, drawn.Objective, drawn.SplitBackward);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 20_000) is not { } search) continue;
            var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
            solution.Objective.ShouldBe(search.Optimum, $"draw {draw}");
            compared++;
            if (FilledBubbles.Of(solution.Timeline)!.Free.Sum() < FilledBubbles.Of(solution.Timeline)!.Work.Sum()) longer++;
        }

        output.WriteLine($"In {longer} of {compared} cases some of the work is not free.");
        longer.ShouldBeInRange(5, compared - 5);
    }

    [Fact]
    public async Task Small_problems_with_deadlines_are_solved_to_the_optimum_of_the_orders_that_keep_them()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var (random, compared, dearer) = (new Random(12), 0, 0);
        for (var draw = 0; compared < 15; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            var fill = RandomFill.Next(random, drawn.Devices, latest: 16);
            if (drawn.Objective == Objective.Span || drawn.Stages * drawn.Microbatches > 6 || fill.All(item => item.Deadline is null)) continue;
            if (Created(drawn.Profile with { Fill = fill }, drawn.SplitBackward) is not { } problem) continue;
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 20_000) is not { } search) continue;
            var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
            solution.Objective.ShouldBe(search.Optimum, $"draw {draw}");
            solution.IsOptimal.ShouldBeTrue($"draw {draw}");
            compared++;
            var any = Problem.Create(drawn.Profile with { Fill = [.. fill.Select(item => item with { Deadline = null })] }, splitBackward: drawn.SplitBackward);
            if (problem.TimeScale.FromTicks(search.Optimum) > any.TimeScale.FromTicks(ExhaustiveSearch.Solve(any)!.Optimum)) dearer++;
        }

        output.WriteLine($"In {dearer} of {compared} cases a deadline costs something.");
        dearer.ShouldBeInRange(1, compared - 1);
    }

    [Fact]
    public async Task A_larger_search_improves_within_the_deadlines()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var profile = Shape.Profile(devices: 4, microbatches: 16, chunks: 2, "v", limit: 5, communication: 0.5m) with
        {
            Fill =
            [
                .. Enumerable.Range(0, 4).Select(device =>
                    new FillItem { Name = $"text-{device}", Duration = 3, Count = 2, Device = device, Deadline = 22 + 2 * device }),
                new FillItem { Name = "image", Duration = 2, Count = 3, Device = 3, After = ["text-0"], Deadline = 40 },
            ],
        };
        var problem = Problem.Create(profile);
        var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 3_000 }, known: null, _ => { }, CancellationToken.None);
        Verifier.Check(problem, TimedOperation.DevicesOf(solution.Timeline)).ShouldBeEmpty();
        var quick = QuickPass.Solve(problem).Objective;
        output.WriteLine($"{solution.Objective} by {solution.Method}, quick {quick}, bound {solution.Bound.Ticks} by {solution.Bound.Name}.");
        solution.Objective.ShouldBeLessThan(quick);
    }

    [Fact]
    public async Task What_is_said_of_work_for_any_device_holds_for_every_way_to_deal_it_out()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var (random, compared, best, proved) = (new Random(13), 0, 0, 0);
        for (var draw = 0; compared < 20; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            var fill = RandomFill.Next(random, drawn.Devices, any: true);
            if (drawn.Stages * drawn.Microbatches > 4 || fill.All(item => item.Device is not null) || fill.Sum(RandomFill.PartsOf) > 4) continue;
            var problem = Problem.Create(drawn.Profile with { Fill = fill }, drawn.Objective, drawn.SplitBackward);
            var optima = RandomFill.Dealings(fill, drawn.Devices)
                .Select(dealt => Problem.Create(drawn.Profile with { Fill = dealt }, drawn.Objective, drawn.SplitBackward))
                .Select(named => (named.TimeScale, ExhaustiveSearch.Solve(named, limitOfNodes: 10_000)?.Optimum)).ToList();
            if (optima.Exists(optimum => optimum.Optimum is null)) continue;
            var least = optima.Min(optimum => optimum.TimeScale.FromTicks(optimum.Optimum!.Value));
            var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 1_000 }, known: null, _ => { }, CancellationToken.None);
            var reached = problem.TimeScale.FromTicks(solution.Objective);
            reached.ShouldBeGreaterThanOrEqualTo(least, $"draw {draw}");
            problem.TimeScale.FromTicks(solution.Bound.Ticks).ShouldBeLessThanOrEqualTo(least, $"draw {draw}");
            (compared, best, proved) = (compared + 1, best + (reached == least ? 1 : 0), proved + (solution.IsOptimal ? 1 : 0));
        }

        output.WriteLine($"{best} of {compared} are the best of every way, {proved} are proved to be.");
        proved.ShouldBeGreaterThan(0);
        best.ShouldBeGreaterThan(compared / 2);
    }

    private static Problem? Created(Profile profile, bool splitBackward)
    {
        try
        {
            return Problem.Create(profile, splitBackward: splitBackward);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    [Fact]
    public async Task On_a_v_with_tight_memory_a_search_finds_bubbles_for_more_than_the_quick_pass()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var profile = Shape.Profile(devices: 4, microbatches: 8, chunks: 2, "v", limit: 4, communication: 0.5m) with
        {
            Fill = [.. Enumerable.Range(0, 4).Select(device => new FillItem { Name = $"encoder-{device}", Duration = 3, Count = 3, Device = device })],
        };
        var problem = Problem.Create(profile);
        var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 3_000 }, known: null, _ => { }, CancellationToken.None);
        Verifier.Check(problem, TimedOperation.DevicesOf(solution.Timeline)).ShouldBeEmpty();
        var quick = QuickPass.Solve(problem).Objective;
        output.WriteLine($"{solution.Objective} by {solution.Method}, quick {quick}, bound {solution.Bound.Ticks} by {solution.Bound.Name}.");
        solution.Objective.ShouldBeLessThan(quick);
    }
}

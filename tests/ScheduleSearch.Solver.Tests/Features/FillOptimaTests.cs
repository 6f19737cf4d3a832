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

using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Features;

/// <summary>Pipelines whose first stages have no backward, and those of forwards alone.</summary>
[Collection(SolverChildren.Alone)]
public sealed class FrozenOptimaTests(ITestOutputHelper output)
{
    [Fact]
    public void Forwards_alone_are_proved_at_once()
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, backwardInput: 0, backwardWeight: 0, communication: 1));
        var solution = QuickPass.Solve(problem);
        (problem.TimeScale.FromTicks(solution.Objective), solution.IsOptimal).ShouldBe((14, true));
    }

    [Fact]
    public async Task A_frozen_encoder_is_waited_for_once_and_sent_nothing_back()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8) with
        {
            Times = new()
            {
                Forward = new[] { 6m, 4m, 4m, 5m },
                BackwardInput = new[] { 0m, 4m, 4m, 5m },
                BackwardWeight = new[] { 0m, 4m, 4m, 5m },
                Communication = 20,
            },
            Memory = new() { Limit = 10, Activation = new[] { 0m, 1m, 1m, 1m } },
        });
        var solution = await solver.SolveAsync(problem, new SolveOptions { TimeLimitSeconds = 4 }, known: null, _ => { }, CancellationToken.None);
        output.WriteLine($"{solution.Objective} ticks, bound {solution.Bound.Ticks}.");
        problem.TimeScale.FromTicks(solution.Objective).ShouldBeLessThanOrEqualTo(206);
        Verifier.Check(problem, TimedOperation.DevicesOf(solution.Timeline)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Small_problems_are_solved_to_the_optimum_of_every_order()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var (random, compared) = (new Random(7), 0);
        for (var draw = 0; compared < 30; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (problem.FrozenStages == 0 || ExhaustiveSearch.Solve(problem, limitOfNodes: 50_000) is not { } search) continue;
            var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
            solution.Objective.ShouldBe(search.Optimum, $"draw {draw}");
            compared++;
        }
    }
}

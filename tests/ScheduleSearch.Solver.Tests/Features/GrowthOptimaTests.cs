using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests.Features;

/// <summary>Problems in which backwards take memory, and what the search makes of them.</summary>
[Collection(SolverChildren.Alone)]
public sealed class GrowthOptimaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_profile_that_retains_more_than_its_activation_is_solved_to_the_optimum()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, limit: 6, activation: 1, retained: 1.3m));
        var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
        solution.Timeline.Schedule.FitsMemory().ShouldBeTrue();
        (solution.Objective, solution.IsOptimal).ShouldBe((problem.TimeScale.ToTicks(27), true));
    }

    [Fact]
    public async Task Small_problems_are_solved_to_the_optimum_of_every_order()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var (random, compared, dearer) = (new Random(13), 0, 0);
        for (var draw = 0; compared < 40; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (problem.Limit.IsEmpty || problem.Growth.All(growth => growth == 0)) continue;
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 50_000) is not { } search) continue;
            var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
            solution.Objective.ShouldBe(search.Optimum, $"draw {draw}");
            compared++;
            if (ExhaustiveSearch.Solve(Without(problem), limitOfNodes: 50_000) is { } free && free.Optimum < search.Optimum) dearer++;
        }

        output.WriteLine($"Growth costs time in {dearer} of {compared} cases.");
        dearer.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_backward_that_does_not_fit_waits_for_weight_gradients()
    {
        // Two microbatches fit, and one of them with what it grows to: the second input gradient has to wait for the first weight gradient.
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 3, activation: 2, retained: 5, limit: 7));
        var graph = OperationGraph.Build(problem);
        var search = SearchGraph.Of(graph);
        (search.IsPlain, search.TakesAfterForwards).ShouldBe((false, true));
        var lists = new ListScheduler(search);
        foreach (var policy in new ListPolicies(problem, search).Standard())
        {
            lists.Run(policy, LaneDates.Earliest(problem, search)).ShouldNotBeNull();
            new Schedule(graph, lists.Orders).FitsMemory().ShouldBeTrue();
        }
    }

    private static Problem Without(Problem problem)
    {
        var memory = problem.Profile.Memory!;
        var retained = Enumerable.Range(0, problem.Stages).Select(stage => Math.Min(memory.Retained![stage], memory.Activation![stage]));
        var grown = problem.Profile with { Memory = memory with { Retained = StageValues.Each(retained) } };
        return Problem.Create(grown, problem.Objective, problem.SplitBackward);
    }
}

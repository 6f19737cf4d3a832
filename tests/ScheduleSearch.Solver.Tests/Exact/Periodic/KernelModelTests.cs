using Google.OrTools.Sat;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Exact.Periodic;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Periodic;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Exact.Periodic;

/// <summary>The least memory, in chunks, of a steady state without bubbles, where every operation takes one unit: proved optima of the periodic model.</summary>
public class KernelModelTests
{
    private const int Microbatches = 40;

    [Theory]
    [InlineData("linear", 4, 1, true, 4)]
    [InlineData("linear", 4, 1, false, 4)]
    [InlineData("interleaved", 4, 2, true, 6)]
    [InlineData("v", 4, 2, true, 4)]
    [InlineData("v", 4, 2, false, 6)]
    [InlineData("v", 6, 2, true, 6)]
    public void The_least_memory_without_bubbles_is_the_known_one(string placement, int devices, int chunks, bool split, int chunksHeld)
    {
        Solve(Unit(placement, devices, chunks, split, chunksHeld), period: 3 * chunks).Status.ShouldBe(CpSolverStatus.Optimal);
        Solve(Unit(placement, devices, chunks, split, chunksHeld - 1), period: 3 * chunks).Status.ShouldBe(CpSolverStatus.Infeasible);
    }

    [Fact]
    public void A_kernel_repeats_to_a_valid_schedule_of_its_period()
    {
        var problem = Unit("v", 6, 2, split: true, 6);
        var (_, shape, times) = Solve(problem, period: 6);
        var graph = OperationGraph.Build(problem);
        var kernel = new Kernel(SearchGraph.Of(graph), 1);
        times!.StartsFrom(0, shape).CopyTo(kernel.Starts, 0);
        var metrics = ScheduleMetrics.Of(Replay.Run(new Schedule(graph, kernel.Unroll(times.Period))));
        metrics.PeakMemory.ShouldAllBe(memory => memory <= problem.LimitOf(0));
        metrics.Makespan.ShouldBeInRange(6 * Microbatches, 6 * Microbatches + 6 * 12);
    }

    /// <summary>Forwards hold all of an activation while they run and a quarter of it from then on: beside others there must be room for the whole.</summary>
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void What_an_operation_takes_and_frees_itself_is_held_while_it_runs(int devices, decimal limit)
    {
        var profile = Shape.Profile(devices, Microbatches, 1, "linear", limit: limit, activation: 1, retained: 1);
        var problem = Problem.Create(profile with { Recompute = new() { Kept = 0.25m, Time = 1 } });
        var (status, shape, times) = Solve(problem, period: 8);
        status.ShouldBe(CpSolverStatus.Optimal);
        var graph = OperationGraph.Build(problem);
        var kernel = new Kernel(SearchGraph.Of(graph), 1);
        times!.StartsFrom(0, shape).CopyTo(kernel.Starts, 0);
        new Schedule(graph, kernel.Unroll(times.Period)).FitsMemory().ShouldBeTrue();
    }

    [Fact]
    public void With_given_rounds_the_period_becomes_the_shortest_that_they_allow()
    {
        // Memory for half of what 1F1B holds. The best kernel that is known spans as many microbatches as fit: 135.35 for each, where one
        // microbatch alone repeats every 139.2 at best.
        var problem = Problem.Create(Shape.Profile(8, Microbatches, 1, "linear", 29.8m, 29.5m, 19.5m, 0.55m, limit: 4, retained: 0.45m));
        var graph = SearchGraph.Of(OperationGraph.Build(problem));
        PerMicrobatch(1).ShouldBeInRange(139m, 139.5m);
        PerMicrobatch(4).ShouldBeLessThan(139m);

        decimal PerMicrobatch(int microbatches)
        {
            var budget = new SearchBudget(Work: null, Seed: 0, Workers: 1);
            var (shape, times) = new KernelShortening(graph, budget, CancellationToken.None).Run(microbatches, allowance: 5_000_000)!.Value;
            return problem.TimeScale.FromTicks(times.Period * shape.Step) / microbatches;
        }
    }

    private static Problem Unit(string placement, int devices, int chunks, bool split, decimal limit) => Problem.Create(
        Shape.Profile(devices, Microbatches, chunks, placement, limit: limit), splitBackward: split);

    private static (CpSolverStatus Status, KernelShape Shape, KernelTimes? Times) Solve(Problem problem, long period)
    {
        var graph = SearchGraph.Of(OperationGraph.Build(problem));
        var shape = new KernelShape(graph, microbatches: 1, step: 1);
        var search = new KernelSearch(graph, microbatches: 1, new Random(0));
        search.Run(tries: 1, () => false);
        var model = KernelModel.OfPeriod(shape, period, KernelTimes.Of(shape, search.Period!.Value, search.Starts));
        using var solver = new CpSolver { StringParameters = "num_workers:2" };
        var status = solver.Solve(model.Model);
        return (status, shape, status == CpSolverStatus.Optimal ? model.Times(solver.Value) : null);
    }
}

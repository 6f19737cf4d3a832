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

/// <summary>Microbatches of unequal cost, whose order is searched.</summary>
[Collection(SolverChildren.Alone)]
public sealed class UnequalMicrobatchOptimaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Small_problems_are_solved_to_the_optimum_of_all_orders_in_which_microbatches_may_enter()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var (random, compared, reordered) = (new Random(11), 0, 0);
        while (compared < 25)
        {
            var problem = Draw(random);
            if (Optima(problem) is not { } optima) continue;
            var solution = await solver.SolveAsync(problem, new SolveOptions { WorkLimit = 30_000 }, known: null, _ => { }, CancellationToken.None);
            solution.Objective.ShouldBeLessThanOrEqualTo(optima.Least, $"case {compared}");
            solution.Bound.Ticks.ShouldBeLessThanOrEqualTo(optima.Least, $"case {compared}");
            Verifier.Check(problem, TimedOperation.DevicesOf(solution.Timeline)).ShouldBeEmpty();
            (compared, reordered) = (compared + 1, reordered + (optima.Least < optima.AsGiven ? 1 : 0));
        }

        output.WriteLine($"Another order than the given one is better in {reordered} of {compared}.");
        reordered.ShouldBeGreaterThan(compared / 5);
    }

    [Fact]
    public void The_first_answer_tries_other_orders_than_the_given_one()
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, communication: 0.25m, limit: 4) with
        {
            MicrobatchScale = new() { Forward = [3, 1, 2, 0.5m, 2.5m, 1, 0.75m, 3] },
        };
        var problem = Problem.Create(profile, splitBackward: false);
        var given = FamilyOf(problem);
        QuickPass.Solve(problem).Objective.ShouldBeLessThan(given);
    }

    [Fact]
    public void What_a_child_sends_keeps_the_order_in_which_they_enter()
    {
        var profile = Shape.Profile(devices: 3, microbatches: 6, limit: 5) with
        {
            MicrobatchScale = new() { Forward = [3, 1, 2, 0.5m, 2.5m, 1], Activation = [2, 1, 1.5m, 0.5m, 2, 1] },
        };
        var problem = Problem.Create(profile);
        var order = EntryOrder.Standard(problem).First();
        var found = order.Back(QuickPass.Solve(order.InTurn()).Timeline.Schedule);
        using var board = new SearchBoard(
            Solutions.Solution.Verified(found, "entry-order", Core.Bounds.BoundCatalogue.Best(problem)), targetGap: 0, improved: _ => { });
        var read = FoundMessage.Of(board).Read(problem);
        read.Objective.ShouldBe(board.Best.Objective);
        EntryOrder.Of(read.Timeline.Schedule).Numbers.ShouldBe(EntryOrder.Of(found).Numbers);
    }

    private static long FamilyOf(Problem problem) => Core.Families.FamilyCatalogue.Admitted(problem)
        .Select(family => Core.Families.FamilySchedules.ScheduleOf(family, problem)).Where(schedule => schedule.FitsMemory())
        .Min(schedule => ScheduleMetrics.Of(Replay.Run(schedule)).Objective);

    /// <summary>The optimum with the microbatches in turn, as given and in the best of all orders; null when that takes too long.</summary>
    private static (long AsGiven, long Least)? Optima(Problem problem)
    {
        long? given = null;
        var least = long.MaxValue;
        foreach (var order in Orders([.. Enumerable.Range(0, problem.Microbatches)]))
        {
            if (ExhaustiveSearch.Solve(problem.Entering(order), limitOfNodes: 50_000) is not { } search) return null;
            given ??= search.Optimum;
            least = Math.Min(least, search.Optimum);
        }

        return (given!.Value, least);
    }

    private static IEnumerable<int[]> Orders(int[] of)
    {
        if (of.Length == 1) return [of];
        return of.SelectMany(first => Orders([.. of.Where(each => each != first)]).Select(rest => (int[])[first, .. rest]));
    }

    private static Problem Draw(Random random)
    {
        while (true)
        {
            var drawn = SmallProblems.Draw(random);
            if (drawn.Microbatches < 2) continue;
            decimal[] factors = [0.5m, 1, 1.5m, 2.25m];
            decimal Factor() => factors[random.Next(factors.Length)];
            var profile = drawn.Profile with
            {
                MicrobatchScale = new()
                {
                    Forward = [.. Enumerable.Range(0, drawn.Microbatches).Select(_ => Factor())],
                    Backward = random.Next(2) == 0 ? null : [.. Enumerable.Range(0, drawn.Microbatches).Select(_ => Factor())],
                    Activation = random.Next(2) == 0 ? null : [.. Enumerable.Range(0, drawn.Microbatches).Select(_ => Factor())],
                },
            };
            try
            {
                return Problem.Create(profile, drawn.Objective, drawn.SplitBackward);
            }
            catch (InvalidProfileException)
            {
                // The largest microbatch does not fit.
            }
        }
    }
}

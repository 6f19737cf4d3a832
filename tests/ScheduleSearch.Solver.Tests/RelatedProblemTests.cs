using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests;

/// <summary>
/// Laws between problems that are solved apart. Every schedule of a stricter problem is one of the looser one, so what is proved of the looser one lies
/// below whatever is found for the stricter one: a bound that is too high, or a schedule that is too good, shows on one of the two sides.
/// </summary>
public class RelatedProblemTests(ITestOutputHelper output)
{
    /// <summary>How many draws a law takes in a long run; else 40.</summary>
    private const string LongRun = "SCHEDULESEARCH_TEST_RELATED";

    /// <summary>The laws by name: from a problem, one that is looser by the law, or nothing where the law says nothing.</summary>
    private static readonly Dictionary<string, Func<Random, Problem, Related?>> Laws = new()
    {
        ["all times three times as long"] = (_, problem) => IsExact(problem)
            ? new(Of(problem, TimesBy(3, problem.Profile)), Scale: 3, AreEqual: true)
            : null,
        ["all memory three times as large"] = (_, problem) => problem.Profile.Memory is { } memory && problem.SliceCount == 1
            ? new(Of(problem, MemoryBy(3, problem.Profile, memory)), AreEqual: true)
            : null,
        ["more memory"] = (random, problem) => problem.Profile.Memory is { Limit: { } limit } memory
            ? new(Of(problem, problem.Profile with { Memory = memory with { Limit = random.Chance(30) ? null : Times(limit, random.Next(11, 21) / 10m) } }))
            : null,
        ["no message takes time"] = (_, problem) => problem.Profile.Times is { Communication: { Latency.Scalar: not 0 } or { Bytes: not null } } times
            ? new(Of(problem, problem.Profile with { Times = times with { Communication = 0 } }))
            : null,
        ["the placement by its map"] = (_, problem) => problem.Profile.Pipeline is { Placement: not "explicit" } pipeline
            ? new(Of(problem, problem.Profile with { Pipeline = pipeline with { Placement = "explicit", StageDevices = [.. MapOf(problem)] } }), AreEqual: true)
            : null,
        ["weight gradients apart"] = (_, problem) => problem.SplitBackward ? null : new(Problem.Create(problem.Profile, problem.Objective)),
        ["span in place of makespan"] = (_, problem) => problem.Objective == Objective.Span
            ? null
            : new(Problem.Create(problem.Profile, Objective.Span, problem.SplitBackward)),
        ["one microbatch less"] = (_, problem) => problem.Microbatches > 1 && problem.Placement.Pipes == 1
            ? new(problem.WithMicrobatches(problem.Microbatches - 1))
            : null,
        ["a stage that takes less"] = (random, problem) => problem.Profile.Find<OverlapTimes>() is null
            ? new(Of(problem, Eased(random, problem)))
            : null,
    };

    /// <summary>The names of the laws.</summary>
    public static TheoryData<string> Names => [.. Laws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_proved_of_the_looser_problem_holds_for_the_stricter_one(string law)
    {
        var draws = int.TryParse(Environment.GetEnvironmentVariable(LongRun), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 40;
        var (compared, proved) = (0, 0);
        for (var draw = 0; draw < draws; draw++)
        {
            var random = new Random(draw);
            var strict = RandomProblems.NextFeatured(random);
            if (Laws[law](random, strict) is not { } related) continue;
            var (stricter, looser) = (Solve(strict), Solve(related.Looser));
            var context = $"draw {draw}: {strict.Id} and {related.Looser.Id}";
            Bound(looser).ShouldBeLessThanOrEqualTo(related.Scale * Value(stricter), context);
            if (related.AreEqual) (related.Scale * Bound(stricter)).ShouldBeLessThanOrEqualTo(Value(looser), context);
            compared++;
            if (looser.IsOptimal) proved++;
        }

        output.WriteLine($"{law}: {compared} pairs compared, {proved} with a proved optimum.");
        compared.ShouldBeGreaterThan(draws / 6);
        proved.ShouldBeGreaterThan(0);
    }

    private static Solution Solve(Problem problem)
    {
        var reports = new List<string>();
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, improved: _ => { });
        PortfolioSearch.Run(board, work: 60, seed: 1, workers: 1, reports.Add, TimeProvider.System, CancellationToken.None);
        reports.ShouldBeEmpty();
        return board.Best;
    }

    private static decimal Value(Solution solution) => solution.Problem.TimeScale.FromTicks(solution.Objective);

    private static decimal Bound(Solution solution) => solution.Problem.TimeScale.FromTicks(solution.Bound.Ticks);

    private static Problem Of(Problem problem, Profile profile) => Problem.Create(profile, problem.Objective, problem.SplitBackward);

    /// <summary>Whether the ticks hold every time to its last digit: shares of a slice, and messages of an odd bandwidth, are rounded.</summary>
    private static bool IsExact(Problem problem) => problem.SliceCount == 1 && problem.Profile.Times.Communication.Bandwidth is null;

    private static Profile TimesBy(int factor, Profile profile)
    {
        var times = profile.Times;
        var scaled = profile with
        {
            Times = times with
            {
                Forward = Times(times.Forward, factor),
                BackwardInput = Times(times.BackwardInput, factor),
                BackwardWeight = Times(times.BackwardWeight, factor),
                Communication = times.Communication with { Latency = Times(times.Communication.Latency, factor) },
            },
        };
        if (profile.Recompute is { Time: { } again } recompute) scaled = scaled with { Recompute = recompute with { Time = Times(again, factor) } };
        if (profile.Overlap is { Duration: { } duration }) scaled = scaled with { Overlap = new() { Duration = Times(duration, factor) } };
        if (profile.Optimizer is { } optimizer) scaled = scaled with { Optimizer = optimizer with { Step = Times(optimizer.Step, factor) } };
        if (profile.Fill is { } fill)
        {
            scaled = scaled with
            {
                Fill = [.. fill.Select(item => item with { Duration = factor * item.Duration, Splittable = factor * item.Splittable })],
            };
        }

        if (profile.Vocabulary is { } layer)
        {
            scaled = scaled with
            {
                Vocabulary = layer with
                {
                    Forward = Times(layer.Forward!, factor),
                    Backward = Times(layer.Backward!, factor),
                    Barrier = factor * layer.Barrier,
                    Input = layer.Input is { } input ? Times(input, factor) : null,
                },
            };
        }

        return scaled;
    }

    private static Profile MemoryBy(int factor, Profile profile, ActivationMemory memory)
    {
        var scaled = profile with
        {
            Memory = memory with
            {
                Activation = memory.Activation is { } activation ? Times(activation, factor) : null,
                Retained = memory.Retained is { } retained ? Times(retained, factor) : null,
                Limit = memory.Limit is { } limit ? Times(limit, factor) : null,
            },
        };
        if (profile.Vocabulary is { Activation: { } held } layer) scaled = scaled with { Vocabulary = layer with { Activation = Times(held, factor) } };
        return profile.Recompute is { } recompute ? scaled with { Recompute = recompute with { Kept = Times(recompute.Kept!, factor) } } : scaled;
    }

    /// <summary>One stage with a shorter forward, input gradient or weight gradient.</summary>
    private static Profile Eased(Random random, Problem problem)
    {
        var (times, stage, share) = (problem.Profile.Times, random.Next(problem.Stages), random.Next(3, 10) / 10m);
        StageValues Less(StageValues values) =>
            StageValues.Each(Enumerable.Range(0, problem.Stages).Select(each => each == stage ? Math.Round(values[each] * share, 4) : values[each]));
        return problem.Profile with
        {
            Times = random.Next(3) switch
            {
                0 => times with { Forward = Less(times.Forward) },
                1 => times with { BackwardInput = Less(times.BackwardInput) },
                _ => times with { BackwardWeight = Less(times.BackwardWeight) },
            },
        };
    }

    private static StageValues Times(StageValues values, decimal factor) =>
        values.IsScalar ? values.Numbers[0] * factor : StageValues.Each(values.Numbers.Select(number => number * factor));

    private static PairValues Times(PairValues values, decimal factor) => values.ByForward is { } byForward
        ? PairValues.Of(Times(byForward, factor))
        : PairValues.Each(values.Matrix.Select(row => row.Select(each => each * factor)));

    private static LinkValues Times(LinkValues values, decimal factor) =>
        values.Scalar is { } number ? number * factor : LinkValues.Each(values.Matrix.Select(row => row.Select(each => each * factor)));

    private static IEnumerable<int> MapOf(Problem problem) =>
        from pipe in Enumerable.Range(0, problem.Placement.Pipes)
        from stage in Enumerable.Range(0, problem.Stages)
        select problem.Placement.DeviceOf(pipe, stage);

    private sealed record Related(Problem Looser, decimal Scale = 1, bool AreEqual = false);
}

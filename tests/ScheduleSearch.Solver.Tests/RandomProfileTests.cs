using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Solver.Tests;

/// <summary>The laws that every answer keeps, on the service's own path: quick pass, child process, verification of what it sends.</summary>
[Collection(SolverChildren.Alone)]
public sealed class RandomProfileTests : IDisposable
{
    /// <summary>How many profiles of all features a long run draws, and the seed that it begins with; without it there are 2,000.</summary>
    private const string LongRun = "SCHEDULESEARCH_TEST_PROFILES";
    private const string Seed = "SCHEDULESEARCH_TEST_SEED";

    private readonly ITestOutputHelper _output;
    private readonly List<string> _reports = [];
    private readonly ScheduleSolver _solver;

    public RandomProfileTests(ITestOutputHelper output)
    {
        _output = output;
        _solver = new ScheduleSolver(new SolverSettings { Workers = 1, WarmChildren = 1 }, _reports.Add);
    }

    public void Dispose() => _solver.Dispose();

    [Theory]
    [InlineData(600, false)]
    [InlineData(2000, true)]
    public async Task Every_answer_is_valid_bounded_and_worth_what_it_claims(int profiles, bool featured)
    {
        if (featured) profiles = NumberOf(LongRun) ?? profiles;
        var random = new Random(NumberOf(Seed) ?? 20);
        var (optimal, improved) = (0, 0);
        for (var draw = 0; draw < profiles; draw++)
        {
            var problem = featured ? RandomProblems.NextFeatured(random) : RandomProblems.Next(random);
            var values = new List<long>();
            var solution = await _solver.SolveAsync(
                problem, new SolveOptions { WorkLimit = 150, Seed = draw }, known: null, found => values.Add(found.Objective), CancellationToken.None);

            values.OrderDescending().SequenceEqual(values).ShouldBeTrue($"profile {draw} got worse");
            solution.Bound.Ticks.ShouldBeLessThanOrEqualTo(solution.Objective, $"profile {draw}");
            var devices = TimedOperation.DevicesOf(solution.Timeline);
            Verifier.Check(problem, devices).ShouldBeEmpty($"profile {draw}");
            Claim(problem, devices).ShouldBe(solution.Objective, $"profile {draw}");
            Claim(problem, TimedOperation.DevicesOf(Replay.Run(solution.Timeline.Schedule))).ShouldBe(solution.Objective, $"profile {draw}");
            if (solution.IsOptimal) optimal++;
            if (values[^1] < values[0]) improved++;
        }

        _reports.ShouldBeEmpty();
        _output.WriteLine($"{profiles} profiles: {optimal} proved optimal, {improved} improved by the child.");
        improved.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Tiny_problems_are_solved_to_the_optimum_of_every_order()
    {
        var random = new Random(21);
        var compared = 0;
        for (var draw = 0; draw < 120; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (ExhaustiveSearch.Solve(problem) is not { } search) continue;
            var solution = await _solver.SolveAsync(problem, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
            solution.Objective.ShouldBe(search.Optimum, $"case {draw}");
            compared++;
        }

        _output.WriteLine($"{compared} tiny problems compared.");
        compared.ShouldBeGreaterThan(80);
    }

    private static int? NumberOf(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The objective by the definition in the contract, from the times of what devices carry out alone.</summary>
    private static long Claim(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices)
    {
        var ends = devices.Select(device => device.Last(timed => timed.Operation.Facts.Lane == LaneKind.Compute).End);
        return problem.Objective == Objective.Makespan
            ? ends.Max() - devices.Min(device => device[0].Start)
            : ends.Zip(devices).Max(device => device.First - device.Second[0].Start);
    }
}

using System.Diagnostics;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests;

/// <summary>What happens around the child process: it may be killed, stuck or too large, and the answer is still the best so far.</summary>
[Collection(SolverChildren.Alone)]
public sealed class ScheduleSolverTests
{
    private readonly List<string> _reports = [];

    /// <summary>A gap that no search closes within seconds: V chunks at half of 1F1B's memory.</summary>
    private static Problem Hard => StoredRequest.Read("1.5B_p8_m24-v-0.5x-makespan").Problem;

    [Fact]
    public async Task A_proved_optimum_needs_no_child()
    {
        using var solver = Solver(new SolverSettings { Folder = "/nowhere" });
        var problem = StoredRequest.Read("1.5B_p8_m24-linear-1x-makespan").Problem;
        var solution = await solver.SolveAsync(problem, new SolveOptions(), known: null, _ => { }, CancellationToken.None);
        solution.IsOptimal.ShouldBeTrue();
        problem.TimeScale.FromTicks(solution.Objective).ShouldBe(1310405m);
    }

    [Fact]
    public async Task A_family_asked_for_by_name_is_the_answer_and_no_start()
    {
        using var solver = Solver(new SolverSettings { Folder = "/nowhere" });
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8));
        var improvements = new List<Solution>();
        var (solution, _) = await solver.SolveAsync(
            new AskedSchedule(problem, "gpipe"), new SolveOptions(), known: null, improvements.Add, CancellationToken.None);
        (solution.Method, solution.IsOptimal).ShouldBe(("gpipe", false));
        improvements.ShouldBe([solution]);
        (await solver.SolveAsync(new AskedSchedule(problem), new SolveOptions(), known: null, _ => { }, CancellationToken.None)).Best.IsOptimal.ShouldBeTrue();
        _reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_seed_and_work_limit_give_the_same_answer()
    {
        using var solver = Solver(new SolverSettings());
        var options = new SolveOptions { WorkLimit = 20_000, Seed = 5 };
        var first = await solver.SolveAsync(Hard, options, known: null, _ => { }, CancellationToken.None);
        var second = await solver.SolveAsync(Hard, options, known: null, _ => { }, CancellationToken.None);
        second.Objective.ShouldBe(first.Objective);
        OrderOf(second).ShouldBe(OrderOf(first));
    }

    [Fact]
    public async Task Killing_the_child_costs_only_its_improvement()
    {
        using var solver = Solver(new SolverSettings());
        var improvements = new List<Solution>();
        var improvedTwice = new TaskCompletionSource();
        var solving = solver.SolveAsync(
            new AskedSchedule(Hard),
            new SolveOptions { TimeLimitSeconds = 60 },
            known: null,
            found =>
            {
                improvements.Add(found);
                if (improvements.Count == 3) improvedTwice.SetResult();
            },
            CancellationToken.None);
        await improvedTwice.Task;
        foreach (var child in Children()) child.Kill();

        var (solution, isWhole) = await solving;
        isWhole.ShouldBeFalse();
        solution.Objective.ShouldBe(improvements[^1].Objective);
        solution.Objective.ShouldBeLessThan(improvements[0].Objective);
        _reports.ShouldContain(report => report.Contains("ended before its search did", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_killed_child_the_next_search_has_a_new_one()
    {
        using var solver = Solver(new SolverSettings());
        await solver.SolveAsync(Hard, new SolveOptions { WorkLimit = 100 }, known: null, _ => { }, CancellationToken.None);
        foreach (var child in Children()) child.Kill();
        var solution = await solver.SolveAsync(Hard, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
        solution.Objective.ShouldBeLessThan(QuickPass.Solve(Hard).Objective);
    }

    [Fact]
    public async Task A_child_that_ignores_its_limit_is_killed()
    {
        // The parent's patience ends before the child's own limit does.
        using var solver = Solver(new SolverSettings { Grace = TimeSpan.FromSeconds(-58) });
        var solution = await solver.SolveAsync(Hard, new SolveOptions { TimeLimitSeconds = 60 }, known: null, _ => { }, CancellationToken.None);
        Verifier.Check(Hard, TimedOperation.DevicesOf(solution.Timeline)).ShouldBeEmpty();
        _reports.ShouldContain(report => report.Contains("is killed after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_that_hears_nothing_any_more_is_killed_and_another_one_stands_by()
    {
        using var solver = Solver(new SolverSettings { WarmChildren = 1 });
        await solver.WarmUpAsync(CancellationToken.None);
        var child = Children().ShouldHaveSingleItem();
        Signal("STOP", child);
        var (solution, isWhole) = await solver.SolveAsync(
            new AskedSchedule(Hard), new SolveOptions { TimeLimitSeconds = 0.2 }, known: null, _ => { }, CancellationToken.None);
        solution.Objective.ShouldBe(QuickPass.Solve(Hard).Objective);
        _reports.ShouldContain(report => report.Contains($"child {child.Id} is killed after", StringComparison.Ordinal));
        Children().ShouldHaveSingleItem().Id.ShouldNotBe(child.Id);
        isWhole.ShouldBeTrue("it had been asked, and its time is over");
    }

    [Fact]
    public async Task A_child_that_is_only_late_is_waited_for_and_stays()
    {
        using var solver = Solver(new SolverSettings { WarmChildren = 1, Grace = TimeSpan.FromMinutes(2) });
        await solver.WarmUpAsync(CancellationToken.None);
        var child = Children().ShouldHaveSingleItem();
        Signal("STOP", child);
        var solving = solver.SolveAsync(Hard, new SolveOptions { TimeLimitSeconds = 0.2 }, known: null, _ => { }, CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(1));
        solving.IsCompleted.ShouldBeFalse();
        Signal("CONT", child);
        await solving;
        _reports.ShouldBeEmpty();
        Children().ShouldHaveSingleItem().Id.ShouldBe(child.Id);
    }

    [Fact]
    public async Task A_child_that_is_not_warm_in_time_is_left_for_the_next_search()
    {
        using var solver = Solver(new SolverSettings { WarmChildren = 1, Grace = TimeSpan.Zero });
        var (solution, isWhole) = await solver.SolveAsync(
            new AskedSchedule(Hard), new SolveOptions { TimeLimitSeconds = 0.1 }, QuickPass.Solve(Hard), _ => { }, CancellationToken.None);
        isWhole.ShouldBeFalse("nothing was searched");
        solution.Objective.ShouldBe(QuickPass.Solve(Hard).Objective);
        _reports.ShouldHaveSingleItem().ShouldEndWith("was not warm in time.");
        var child = Children().ShouldHaveSingleItem().Id;
        await solver.SolveAsync(Hard, new SolveOptions { WorkLimit = 100 }, known: null, _ => { }, CancellationToken.None);
        Children().ShouldHaveSingleItem().Id.ShouldBe(child);
    }

    [Fact]
    public async Task A_child_knows_nothing_of_its_parents_secrets()
    {
        const string Name = "SCHEDULESEARCH_DATABASE";
        var before = Environment.GetEnvironmentVariable(Name);
        Environment.SetEnvironmentVariable(Name, "Host=db;Password=secret");
        try
        {
            using var solver = Solver(new SolverSettings { WarmChildren = 1 });
            await solver.WarmUpAsync(CancellationToken.None);
            var names = (await File.ReadAllTextAsync($"/proc/{Children().ShouldHaveSingleItem().Id}/environ"))
                .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')[0]).ToList();
            names.ShouldContain("DOTNET_GCHeapHardLimit");
            names.ShouldNotContain(Name);
            names.ShouldBeSubsetOf(
            [
                "PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_EnableDiagnostics", "DOTNET_GCHeapHardLimit", "DOTNET_TieredPGO",
            ]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, before);
        }
    }

    [Fact]
    public async Task A_child_above_its_memory_ceiling_is_killed()
    {
        using var solver = Solver(new SolverSettings { MemoryCeiling = 20 });
        var (solution, isWhole) = await solver.SolveAsync(
            new AskedSchedule(Hard), new SolveOptions { TimeLimitSeconds = 60 }, known: null, _ => { }, CancellationToken.None);
        solution.Objective.ShouldBe(QuickPass.Solve(Hard).Objective);
        isWhole.ShouldBeFalse();
        _reports.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Canceling_returns_the_best_so_far_and_keeps_the_child_for_the_next_search()
    {
        using var solver = Solver(new SolverSettings());
        using var cancellation = new CancellationTokenSource();
        var values = new List<long>();
        var solution = await solver.SolveAsync(
            Hard,
            new SolveOptions { TimeLimitSeconds = 60 },
            known: null,
            found =>
            {
                values.Add(found.Objective);
                if (values.Count == 2) cancellation.Cancel();
            },
            cancellation.Token);
        solution.Objective.ShouldBe(values.Min());
        _reports.ShouldBeEmpty();
        var child = Children().ShouldHaveSingleItem().Id;
        await solver.SolveAsync(Hard, new SolveOptions { WorkLimit = 100 }, known: null, _ => { }, CancellationToken.None);
        Children().ShouldHaveSingleItem().Id.ShouldBe(child);
    }

    [Fact]
    public async Task A_search_goes_on_from_what_is_known()
    {
        using var solver = Solver(new SolverSettings());
        var known = await solver.SolveAsync(Hard, new SolveOptions { WorkLimit = 30_000 }, known: null, _ => { }, CancellationToken.None);
        var values = new List<long>();
        await solver.SolveAsync(Hard, new SolveOptions { WorkLimit = 10_000, Seed = 1 }, known, found => values.Add(found.Objective), CancellationToken.None);
        values.ShouldAllBe(value => value <= known.Objective);
    }

    [Fact]
    public async Task The_search_stops_at_the_target_gap()
    {
        using var solver = Solver(new SolverSettings());
        var solution = await solver.SolveAsync(
            Hard, new SolveOptions { TimeLimitSeconds = 600, TargetGap = 0.12 }, known: null, _ => { }, CancellationToken.None);
        solution.Gap.ShouldBeLessThanOrEqualTo(0.12);
    }

    private ScheduleSolver Solver(SolverSettings settings) => new(settings with { Workers = 2 }, _reports.Add);

    private static void Signal(string signal, Process process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }

    private static List<int> OrderOf(Solution solution) =>
        [.. Enumerable.Range(0, solution.Problem.Devices).SelectMany(device => solution.Timeline.Schedule.OrderOf(device).ToArray())];

    /// <summary>The solver children of this test process that are alive.</summary>
    private static List<Process> Children() => [.. Process.GetProcesses().Where(IsOwnChild)];

    private static bool IsOwnChild(Process process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
            return parent == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
                && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("ScheduleSearch.Solver.dll", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return false;
        }
    }
}

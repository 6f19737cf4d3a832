using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

public sealed class CacheRuleTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_second_identical_request_is_answered_from_the_table_and_after_a_restart_too(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        Answer first;
        await using (var service = new TestService(database.ConnectionString, solver))
        {
            first = await service.PostAsync("/schedules/solve", Requests.Solve());
            first["cached"]!.GetValue<bool>().ShouldBeFalse();
            ShouldBeTheSame(first, await service.PostAsync("/schedules/solve", Requests.Solve()));
        }

        await using (var service = new TestService(database.ConnectionString, solver))
        {
            ShouldBeTheSame(first, await service.PostAsync("/schedules/solve", Requests.Solve()));
            ShouldBeTheSame(first, await service.GetAsync($"/schedules/{first["id"]}"));
        }

        solver.QuickPasses.ShouldBe(1);
    }

    [Fact]
    public async Task Name_budget_gap_and_seed_are_no_part_of_the_problem()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
        var first = await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 2));
        var other = Requests.Solve(seconds: 1, gap: 0.5);
        other["profile"]!["name"] = "another";
        other["options"]!["seed"] = 7;
        ShouldBeTheSame(first, await service.PostAsync("/schedules/solve", other));
    }

    [Fact]
    public async Task A_feasible_result_answers_at_once_up_to_the_budget_spent_and_is_searched_on_beyond_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver();
        await using var service = new TestService(database.ConnectionString, solver);
        async Task<bool> CachedAsync(double seconds, double gap = 0) =>
            (await service.PostAsync("/schedules/solve", Requests.Solve(seconds: seconds, gap: gap)))["cached"]!.GetValue<bool>();

        (await CachedAsync(3)).ShouldBeFalse();
        (await CachedAsync(3)).ShouldBeTrue();
        (await CachedAsync(2.5)).ShouldBeTrue();
        (await CachedAsync(4, gap: 0.99)).ShouldBeTrue();
        solver.Searches.ShouldBe(1);
        (await CachedAsync(5)).ShouldBeFalse();
        (await CachedAsync(5)).ShouldBeTrue();
        solver.Searches.ShouldBe(2);
        solver.QuickPasses.ShouldBe(1);
        solver.Asked.Select(options => Math.Ceiling(options.TimeLimitSeconds)).ShouldBe([3, 2], "the quick pass took a little of the first");
    }

    [Fact]
    public async Task Work_is_a_budget_of_its_own_kind()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver();
        await using var service = new TestService(database.ConnectionString, solver);
        async Task<bool> CachedAsync(long? work) =>
            (await service.PostAsync("/schedules/solve", Requests.Solve(work: work)))["cached"]!.GetValue<bool>();

        (await CachedAsync(100)).ShouldBeFalse();
        (await CachedAsync(100)).ShouldBeTrue();
        (await CachedAsync(50)).ShouldBeTrue();
        (await CachedAsync(101)).ShouldBeFalse();
        (await CachedAsync(null)).ShouldBeFalse();
        solver.Asked.Select(options => options.WorkLimit).ShouldBe([100, 101, null]);
    }

    [Fact]
    public async Task A_gap_that_is_good_enough_ends_the_search_but_not_the_budget()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(database.ConnectionString, solver);
        var rough = await service.PostAsync("/schedules/solve", Requests.Solve(gap: 0.99));
        rough["status"]!.GetValue<string>().ShouldBe("feasible");
        solver.Searches.ShouldBe(0);
        var exact = await service.PostAsync("/schedules/solve", Requests.Solve(gap: 0));
        exact["cached"]!.GetValue<bool>().ShouldBeFalse();
        solver.Searches.ShouldBe(1);
        exact["makespan"]!.GetValue<decimal>().ShouldBeLessThan(rough["makespan"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Results_only_ever_improve()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(database.ConnectionString, solver);
        var body = Requests.Solve(devices: 3, microbatches: 5, objective: "span", limit: 2);
        var good = await service.PostAsync("/schedules/solve", body);
        good["status"]!.GetValue<string>().ShouldBe("feasible", "the test needs a problem that the quick pass leaves open");
        // A later search that offers something worse.
        solver.OnSearch = (problem, _, _, improved, _) =>
        {
            improved(StubSolver.Sequential(problem));
            return Task.FromResult(StubSolver.Sequential(problem));
        };
        body["options"]!["timeLimitSeconds"] = 9;
        var later = await service.PostAsync("/schedules/solve", body);
        later["span"]!.GetValue<decimal>().ShouldBe(good["span"]!.GetValue<decimal>());
        later["method"]!.GetValue<string>().ShouldBe(good["method"]!.GetValue<string>());
        solver.Searches.ShouldBe(2);
    }

    private static void ShouldBeTheSame(Answer first, Answer again)
    {
        again.Status.ShouldBe(200);
        again["cached"]!.GetValue<bool>().ShouldBeTrue();
        var (one, other) = (first.Json.AsObject(), again.Json.AsObject());
        one.Remove("cached");
        other.Remove("cached");
        other.ToJsonString().ShouldBe(one.ToJsonString());
    }
}

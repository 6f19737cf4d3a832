using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Solver.Solutions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Jobs;

public sealed class JobTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Many_identical_requests_at_once_cause_one_search(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver
        {
            OnSearch = async (_, _, known, _, _) =>
            {
                await Task.Delay(300, CancellationToken.None);
                return known;
            },
        };
        await using var service = new TestService(database.ConnectionString, solver);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => service.PostAsync("/schedules/solve", Requests.Solve())));
        answers.ShouldAllBe(answer => answer.Status == 200);
        answers.Count(answer => !answer["cached"]!.GetValue<bool>()).ShouldBe(1);
        solver.QuickPasses.ShouldBe(1);
        solver.Searches.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_dead_child_left_of_the_budget_is_searched_by_another()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { Dies = search => search == 1 };
        await using var service = new TestService(database.ConnectionString, solver);
        (await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 5)))["cached"]!.GetValue<bool>().ShouldBeFalse();
        solver.Asked.Select(options => Math.Ceiling(options.TimeLimitSeconds)).ShouldBe([5, 5], "next to nothing was searched before it died");
        (await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 5)))["cached"]!.GetValue<bool>().ShouldBeTrue();
        solver.Searches.ShouldBe(2);
    }

    [Fact]
    public async Task A_problem_that_kills_every_child_is_answered_and_its_budget_does_not_count_as_spent()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { Dies = _ => true };
        await using var service = new TestService(database.ConnectionString, solver);
        var answer = await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 5));
        (answer.Status, answer["status"]!.GetValue<string>()).ShouldBe((200, "feasible"));
        solver.Searches.ShouldBe(3);

        solver.Dies = _ => false;
        (await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 4)))["cached"]!.GetValue<bool>().ShouldBeFalse();
        solver.Searches.ShouldBe(4);
        (await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 4)))["cached"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_larger_budget_asked_while_a_search_runs_lets_it_go_on()
    {
        await using var database = await TestDatabase.CreateAsync();
        var release = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (_, _, known, _, _) =>
            {
                await release.Task;
                return known;
            },
        };
        await using var service = new TestService(database.ConnectionString, solver);
        var small = service.PostAsync("/schedules/solve", Requests.Solve(seconds: 5));
        await WaitForAsync(() => solver.Searches == 1);
        var large = service.PostAsync("/schedules/solve", Requests.Solve(seconds: 8));
        var same = service.PostAsync("/schedules/solve", Requests.Solve(seconds: 4));
        await Task.Delay(200);
        release.SetResult();
        (await large)["cached"]!.GetValue<bool>().ShouldBeFalse();
        (await same)["cached"]!.GetValue<bool>().ShouldBeTrue();
        (await small).Status.ShouldBe(200);
        solver.Asked.Select(options => Math.Ceiling(options.TimeLimitSeconds)).ShouldBe([5, 3], "the quick pass took a little of the first");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_search_that_the_service_leaves_unfinished_goes_on_from_its_best_after_a_restart(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        string id;
        var solver = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                var better = await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
                return await StubSolver.UntilStoppedAsync(problem, options, better, improved, cancellation);
            },
        };
        await using (var service = new TestService(database.ConnectionString, solver))
        {
            id = (await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
            await WaitForAsync(() => solver.Searches == 1);
        }

        Solution? continued = null;
        var next = new StubSolver
        {
            OnSearch = (_, _, known, _, _) =>
            {
                continued = known;
                return Task.FromResult(known);
            },
        };
        await using var restarted = new TestService(database.ConnectionString, next);
        var answer = await restarted.WaitWhileAsync(id, "queued", "running");
        answer["status"]!.GetValue<string>().ShouldBeOneOf("feasible", "optimal");
        answer["method"]!.GetValue<string>().ShouldNotBe("sequential");
        next.QuickPasses.ShouldBe(0);
        if (answer["status"]!.GetValue<string>() == "feasible") continued!.Method.ShouldBe(answer["method"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_client_that_leaves_does_not_stop_its_search()
    {
        await using var database = await TestDatabase.CreateAsync();
        var release = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                await release.Task;
                return await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
            },
        };
        await using var service = new TestService(database.ConnectionString, solver);
        using var leaving = new CancellationTokenSource();
        var body = TestService.Json(System.Text.Encoding.UTF8.GetBytes(Requests.Solve().ToJsonString()));
        var request = service.Http.PostAsync("/schedules/solve", body, leaving.Token);
        await WaitForAsync(() => solver.Searches == 1);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
        release.SetResult();
        var again = await service.PostAsync("/schedules/solve", Requests.Solve());
        again["method"]!.GetValue<string>().ShouldNotBe("sequential");
        solver.Searches.ShouldBe(1);
    }

    [Fact]
    public async Task Beyond_the_most_unfinished_problems_the_answer_is_429_and_what_is_stored_still_answers()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver();
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:MaxUnfinished", "2"));
        await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 1));
        solver.OnSearch = StubSolver.UntilStoppedAsync;
        foreach (var microbatches in new[] { 2, 3 })
            (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches), ("Prefer", "respond-async"))).Status.ShouldBe(202);
        var busy = await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 4));
        busy.Status.ShouldBe(429);
        busy.MediaType.ShouldBe("application/problem+json");
        busy.Response.Headers.RetryAfter.ShouldNotBeNull();
        (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 1)))["cached"]!.GetValue<bool>().ShouldBeTrue();
        (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 2), ("Prefer", "respond-async")))["cached"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Stopping_the_service_answers_who_waits_and_keeps_the_search_in_the_table()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        Task<Answer> waiting;
        await using (var service = new TestService(database.ConnectionString, solver))
        {
            waiting = service.PostAsync("/schedules/solve", Requests.Solve(seconds: 60));
            await WaitForAsync(() => solver.Searches == 1);
            await service.StopAsync();
            (await waiting).Status.ShouldBe(202);
        }

        var next = new StubSolver();
        await using var restarted = new TestService(database.ConnectionString, next);
        await WaitForAsync(() => next.Searches == 1);
    }

    [Fact]
    public async Task A_search_stopped_before_anything_was_found_is_canceled_and_can_be_asked_for_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var gate = new ManualResetEventSlim();
        var solver = new StubSolver { OnQuick = gate.Wait };
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:QuickPasses", "1"));
        var first = await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 1), ("Prefer", "respond-async"));
        await WaitForAsync(() => solver.QuickPasses == 1);
        var second = await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 2), ("Prefer", "respond-async"));
        var canceled = await service.SendAsync(HttpMethod.Delete, $"/schedules/{second["id"]}");
        canceled["status"]!.GetValue<string>().ShouldBe("canceled");
        (await service.GetAsync($"/schedules/{second["id"]}/instructions?format=native")).Status.ShouldBe(409);
        (await service.GetAsync($"/schedules/{first["id"]}/instructions?format=native")).Response.Headers.RetryAfter.ShouldNotBeNull();
        gate.Set();
        (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 2)))["status"]!.GetValue<string>().ShouldBeOneOf("feasible", "optimal");
    }

    [Fact]
    public async Task The_queues_can_be_looked_at_from_the_machine_itself_only()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        (await service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
        var page = await service.GetAsync("/jobs/jobs/succeeded");
        (page.Status, page.Text.Contains("The next turn in the lane", StringComparison.Ordinal)).ShouldBe((200, true));
        (await service.GetAsync("/jobs/servers", ("X-Forwarded-For", "203.0.113.7"))).Status.ShouldBe(401);
        await using var without = new TestService(database.ConnectionString, new StubSolver(), ("Jobs:Dashboard", "false"));
        (await without.GetAsync("/jobs")).Status.ShouldBe(404);
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            attempt.ShouldBeLessThan(400, "the test waits in vain");
            await Task.Delay(50);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Solutions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Jobs;

/// <summary>Several services on one database: what one of them searches the others wait for, stop and take over.</summary>
public sealed class ManyProcessesTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_service_that_starts_beside_another_leaves_its_searches_alone(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (release, first, second) = (new TaskCompletionSource(), new StubSolver(), new StubSolver());
        first.OnSearch = async (problem, options, known, improved, cancellation) =>
        {
            await release.Task.WaitAsync(cancellation);
            return await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
        };
        await using var a = new TestService(database.ConnectionString, first);
        var asked = a.PostAsync("/schedules/solve", Requests.Solve(seconds: 30));
        await Until(() => first.Searches == 1);
        await using var b = new TestService(database.ConnectionString, second, ("Jobs:SweepSeconds", "0.1"));
        var same = b.PostAsync("/schedules/solve", Requests.Solve(seconds: 30));
        await Task.Delay(1000);
        release.SetResult();
        var (atFirst, atSecond) = (await asked, await same);
        (atFirst.Status, atSecond.Status).ShouldBe((200, 200));
        atSecond["makespan"]!.ToString().ShouldBe(atFirst["makespan"]!.ToString());
        atSecond["cached"]!.GetValue<bool>().ShouldBeTrue();
        (first.Searches, second.Searches, second.QuickPasses).ShouldBe((1, 0, 0));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_search_is_stopped_from_any_service(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var a = new TestService(database.ConnectionString, solver);
        var id = (await a.PostAsync("/schedules/solve", Requests.Solve(seconds: 60), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        await Until(() => solver.Searches == 1);
        await using var b = new TestService(database.ConnectionString, new StubSolver());
        var stopped = await b.SendAsync(HttpMethod.Delete, $"/schedules/{id}");
        (stopped.Status, stopped["status"]!.GetValue<string>()).ShouldBe((200, "feasible"));
        (await a.GetAsync($"/schedules/{id}"))["status"]!.GetValue<string>().ShouldBe("feasible");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Identical_requests_at_several_services_cause_one_search(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        StubSolver[] solvers = [new(), new()];
        foreach (var solver in solvers)
        {
            solver.OnSearch = async (_, _, known, _, _) =>
            {
                await Task.Delay(300, CancellationToken.None);
                return known;
            };
        }

        await using var a = new TestService(database.ConnectionString, solvers[0]);
        await using var b = new TestService(database.ConnectionString, solvers[1]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => (n % 2 == 0 ? a : b).PostAsync("/schedules/solve", Requests.Solve(seconds: 30))));
        answers.ShouldAllBe(answer => answer.Status == 200);
        answers.Count(answer => !answer["cached"]!.GetValue<bool>()).ShouldBe(1);
        solvers.Sum(solver => solver.QuickPasses).ShouldBe(1);
        solvers.Sum(solver => solver.Searches).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_row_whose_lease_has_run_out_goes_on_elsewhere_from_its_best(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (hung, next) = (new TaskCompletionSource(), new StubSolver());
        var first = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                var better = await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
                await hung.Task;
                return better;
            },
        };
        Solution? continued = null;
        next.OnSearch = (_, _, known, _, _) =>
        {
            continued = known;
            return Task.FromResult(known);
        };
        await using var a = new TestService(database.ConnectionString, first, ("Leases:Seconds", "1000"));
        var id = (await a.PostAsync("/schedules/solve", Open(), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        await a.WaitWhileAsync(id, "queued");
        await UntilAsync(async () => (await a.GetAsync($"/schedules/{id}"))["method"]!.GetValue<string>() != "sequential");
        await ExpireAsync(a, id);
        await using var b = new TestService(database.ConnectionString, next, ("Jobs:SweepSeconds", "0.2"));
        var ended = await b.WaitWhileAsync(id, "queued", "running");
        ended["status"]!.GetValue<string>().ShouldBeOneOf("feasible", "optimal");
        (next.QuickPasses, next.Searches).ShouldBe((0, 1));
        continued!.Method.ShouldNotBe("sequential");
        // The first attempt notices that the row is no longer its own, and what it finds later changes nothing.
        hung.SetResult();
    }

    [Fact]
    public async Task A_search_that_workers_are_called_for_again_and_again_is_carried_out_once()
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
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:Searches", "4"));
        var answer = service.PostAsync("/schedules/solve", Requests.Solve(seconds: 30));
        await Until(() => solver.Searches == 1);
        var tickets = service.Services.GetRequiredService<Tickets>();
        foreach (var lane in Enum.GetValues<Lane>())
            for (var ticket = 0; ticket < 5; ticket++) tickets.Offer(lane);
        await Until(() => Enum.GetValues<Lane>().All(lane => tickets.Count(lane) == 0));
        release.SetResult();
        (await answer).Status.ShouldBe(200);
        (solver.QuickPasses, solver.Searches).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_problem_whose_processes_end_again_and_again_is_given_up()
    {
        await using var database = await TestDatabase.CreateAsync();
        var hung = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (_, _, known, _, _) =>
            {
                await hung.Task;
                return known;
            },
        };
        await using var service = new TestService(
            database.ConnectionString, solver, ("Jobs:SweepSeconds", "0.2"), ("Jobs:Searches", "8"), ("Leases:Seconds", "1000"));
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Until(() => solver.Searches == attempt);
            await ExpireAsync(service, id);
        }

        var ended = await service.WaitWhileAsync(id, "queued", "running");
        (ended["status"]!.GetValue<string>(), ended["method"]!.GetValue<string>()).ShouldBe(("feasible", "sequential"));
        solver.Searches.ShouldBe(3);
        hung.SetResult();
    }

    [Fact]
    public async Task A_short_search_does_not_wait_for_the_end_of_a_long_one_that_nobody_waits_for()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver
        {
            OnSearch = (problem, options, known, improved, cancellation) => options.TimeLimitSeconds > 100
                ? StubSolver.UntilStoppedAsync(problem, options, known, improved, cancellation)
                : Task.FromResult(known),
        };
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:TurnSeconds", "0.1"));
        var abandoned = await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 5, seconds: 500), ("Prefer", "respond-async"));
        await Until(() => solver.Searches == 1);
        (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 6, seconds: 3))).Status.ShouldBe(200);
        await Until(() => solver.Searches == 3);
        var first = await service.GetAsync($"/schedules/{abandoned["id"]}");
        first["status"]!.GetValue<string>().ShouldBe("running", "it goes on afterwards");
        solver.Asked[2].TimeLimitSeconds.ShouldBeInRange(400, 500, "with what is left of its budget");
    }

    [Fact]
    public async Task One_callers_many_searches_do_not_keep_anothers_one_waiting()
    {
        await using var database = await TestDatabase.CreateAsync();
        var order = new List<int>();
        var release = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (problem, _, known, _, _) =>
            {
                lock (order) order.Add(problem.Microbatches);
                await release.Task;
                return known;
            },
        };
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:TurnSeconds", "3600"));
        var queue = service.Services.GetRequiredService<ScheduleQueue>();
        foreach (var microbatches in new[] { 2, 3, 4, 5 }) await SubmitAsync(service, "many", microbatches);
        await Until(() => solver.Searches == 1);
        await SubmitAsync(service, "one", 9);
        await UntilAsync(async () => await queue.CountWaitingAsync(Lane.Search, default) == 4);
        release.SetResult();
        await Until(() => solver.Searches == 5);
        order.IndexOf(9).ShouldBe(1);
    }

    /// <summary>Uneven stages and tight memory: a quick pass is not proved to be the best.</summary>
    private static JsonObject Open()
    {
        var body = Requests.Solve(microbatches: 40);
        body["profile"]!["times"] = JsonNode.Parse("""
            { "forward": [7, 11, 5, 13], "backwardInput": [9, 12, 8, 10], "backwardWeight": [5, 6, 7, 4], "communication": 1.5 }
            """);
        body["profile"]!["memory"] = JsonNode.Parse("""{ "limit": [3, 4, 3, 2], "activation": 1, "retained": 0.4 }""");
        return body;
    }

    private static async Task SubmitAsync(TestService service, string caller, int microbatches)
    {
        var profile = JsonSerializer.SerializeToElement(Requests.Solve(microbatches)["profile"]);
        var problem = Problem.Create(ProfileJson.ReadProfile(profile, "$.profile", [])!);
        var jobs = service.Services.GetRequiredService<JobControl>();
        (await jobs.SubmitAsync(Submission.Of(problem), new Budget(20, 0, 0, 0), new Asking(caller, IsWaitedFor: true), default)).ShouldBeTrue();
    }

    /// <summary>Has a lease run out, as when its process is gone.</summary>
    private static async Task ExpireAsync(TestService service, string id)
    {
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        var past = DateTime.UtcNow.AddSeconds(-1);
        (await context.Schedules.Where(row => row.Id == id && row.LeaseUntil != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, past))).ShouldBe(1);
    }

    private static async Task Until(Func<bool> condition) => await UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; !await condition(); attempt++)
        {
            attempt.ShouldBeLessThan(600, "the test waits in vain");
            await Task.Delay(50);
        }
    }
}

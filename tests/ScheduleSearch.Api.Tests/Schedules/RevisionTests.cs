using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Ranks that fetch their streams one by one while the search goes on.</summary>
public sealed class RevisionTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_rank_gets_the_revision_that_the_first_was_told_of_from_any_replica(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var search = new Gated();
        await using var service = new TestService(database.ConnectionString, search.Solver);
        var id = await BeginAsync(service);
        var first = await service.GetAsync($"/schedules/{id}/instructions?rank=0");
        var revision = RevisionOf(first);
        (await service.GetAsync($"/schedules/{id}"))["revision"]!.GetValue<string>().ShouldBe(revision);
        var expected = (await service.GetAsync($"/schedules/{id}/instructions?rank=1&revision={revision}")).Text;

        search.Release();
        (await service.WaitWhileAsync(id, "queued", "running")).Status.ShouldBe(200);
        var better = await service.GetAsync($"/schedules/{id}/instructions?rank=1");
        RevisionOf(better).ShouldNotBe(revision);
        better.Text.ShouldNotBe(expected);
        await using var replica = new TestService(database.ConnectionString, new StubSolver());
        foreach (var api in new[] { service, replica })
        {
            var pinned = await api.GetAsync($"/schedules/{id}/instructions?rank=1&revision={revision}");
            (pinned.Status, RevisionOf(pinned), pinned.Text).ShouldBe((200, revision, expected));
            pinned.Response.Headers.CacheControl!.ToString().ShouldContain("immutable");
            (await api.GetAsync($"/schedules/{id}/runtime?revision={revision}")).Text.ShouldNotBe((await api.GetAsync($"/schedules/{id}/runtime")).Text);
            (await api.GetAsync($"/schedules/{id}/timeline.svg?revision={revision}")).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_revision_that_is_not_kept_is_gone_and_the_present_one_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        var search = new Gated();
        await using var service = new TestService(database.ConnectionString, search.Solver, ("Revisions:Minutes", "0"));
        var id = await BeginAsync(service);
        var revision = RevisionOf(await service.GetAsync($"/schedules/{id}/instructions"));
        search.Release();
        await service.WaitWhileAsync(id, "queued", "running");
        var present = RevisionOf(await service.GetAsync($"/schedules/{id}/instructions"));
        var gone = await service.GetAsync($"/schedules/{id}/instructions?revision={revision}");
        gone.Status.ShouldBe(410, gone.Text);
        gone.MediaType.ShouldBe("application/problem+json");
        gone.Members.ShouldBe(["revision"]);
        gone["detail"]!.GetValue<string>().ShouldContain(present);
        (await service.GetAsync($"/schedules/{id}/instructions?revision={present}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("0123456789abcdef0")]
    public async Task What_is_no_revision_is_refused(string revision)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve()))["id"]!.GetValue<string>();
        var answer = await service.GetAsync($"/schedules/{id}/instructions?revision={revision}");
        answer.Status.ShouldBe(400, answer.Text);
        answer.Members.ShouldBe(["revision"]);
    }

    [Fact]
    public async Task A_search_that_ended_keeps_what_it_answered_with_when_a_longer_one_replaces_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver();
        await using var service = new TestService(database.ConnectionString, solver);
        var answered = await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 1));
        answered["status"]!.GetValue<string>().ShouldBe("feasible");
        solver.OnSearch = StubSolver.BetterAsync;
        var better = await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 5));
        better["revision"]!.GetValue<string>().ShouldNotBe(answered["revision"]!.GetValue<string>());
        var stream = await service.GetAsync($"/schedules/{answered["id"]}/instructions?revision={answered["revision"]}");
        stream.Status.ShouldBe(200, stream.Text);
        stream["makespan"]!.GetValue<decimal>().ShouldBe(answered["makespan"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_choice_names_the_schedule_that_leads()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var body = Requests.Solve();
        body["profile"]!["pipeline"]!["placement"] = "best";
        body["profile"]!["pipeline"]!["chunks"] = 2;
        var answer = await service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var stream = await service.GetAsync($"/schedules/{answer["id"]}/instructions?revision={answer["revision"]}");
        stream.Status.ShouldBe(200, stream.Text);
        RevisionOf(stream).ShouldBe(answer["revision"]!.GetValue<string>());
    }

    private static async Task<string> BeginAsync(TestService service)
    {
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        for (var attempt = 0; (await service.GetAsync($"/schedules/{id}"))["makespan"] is null; attempt++)
        {
            attempt.ShouldBeLessThan(600);
            await Task.Delay(50);
        }

        return id;
    }

    private static string RevisionOf(Answer answer)
    {
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Response.Headers.GetValues("Schedule-Revision").Single();
    }

    /// <summary>A search that finds something better once it is released.</summary>
    private sealed class Gated
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Gated() => Solver = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                await _released.Task.WaitAsync(cancellation);
                return await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
            },
        };

        public StubSolver Solver { get; }

        public void Release() => _released.SetResult();
    }
}

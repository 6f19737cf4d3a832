using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Agents;

/// <summary>Who may call the tools.</summary>
public sealed class AgentAccessTests : IAsyncLifetime
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private static readonly (string Name, string Value) Accept = ("Accept", "application/json, text/event-stream");

    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Without_keys_whoever_comes_from_elsewhere_is_told_to_have_one()
    {
        await using var service = new TestService(_database.ConnectionString, new StubSolver());
        (await service.PostAsync("/mcp", Ping, Accept)).Status.ShouldBe(200);
        var refused = await service.PostAsync("/mcp", Ping, Accept, ("X-Forwarded-For", "203.0.113.7"));
        (refused.Status, refused.MediaType).ShouldBe((403, "application/problem+json"));
        refused["detail"]!.GetValue<string>().ShouldContain("keys create");
    }

    [Fact]
    public async Task A_page_of_another_site_is_not_answered()
    {
        await using var service = new TestService(_database.ConnectionString, new StubSolver());
        foreach (var origin in new[] { "https://evil.example", "http://localhost.evil.example", "http://127.0.0.1:1", "null" })
        {
            var answer = await service.PostAsync("/mcp", Ping, Accept, ("Origin", origin));
            answer.Status.ShouldBe(403, origin);
            answer["detail"]!.GetValue<string>().ShouldContain("Origin");
        }

        (await service.PostAsync("/mcp", Ping, Accept, ("Origin", service.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_name_that_is_made_to_lead_here_is_not_answered_where_any_name_is()
    {
        await using var service = new TestService(
            _database.ConnectionString, new StubSolver(), ("urls", "http://0.0.0.0:5080"), ("Access:AllowOpen", "true"));
        (await service.PostAsync("/mcp", Ping, Accept, ("Host", "evil.example"))).Status.ShouldBe(200);
        (await service.PostAsync("/mcp", Ping, Accept, ("Host", "evil.example"), ("Origin", "http://evil.example"))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_key_may_call_what_its_role_may_do()
    {
        await using var service = GuardedService.Start(_database);
        var (_, reader) = await service.KeyAsync(AccessRole.Read);
        var (_, solver) = await service.KeyAsync();
        foreach (var headers in new (string, string)[][] { [], [GuardedService.Bearer("ss_0000000000000000_wrong")] })
        {
            var wrong = await Should.ThrowAsync<HttpRequestException>(() => Agent.ConnectAsync(service.Http.BaseAddress!, headers));
            wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        await using var reading = await Agent.ConnectAsync(service.Http.BaseAddress!, reader);
        await using var solving = await Agent.ConnectAsync(service.Http.BaseAddress!, solver);
        foreach (var tool in new[] { "solve", "compare" })
        {
            var refused = await reading.RefusedAsync(tool, Requests.Solve());
            refused["status"]!.GetValue<int>().ShouldBe(403);
            refused["detail"]!.GetValue<string>().ShouldContain("the role solve");
        }

        var id = (await solving.CallAsync("solve", Requests.Solve()))["id"]!;
        (await reading.CallAsync("explain", new JsonObject { ["id"] = id.DeepClone() }))["status"]!.GetValue<string>().ShouldBe("feasible");
        // What comes through a proxy needs nothing but the key.
        (await service.PostAsync("/mcp", Ping, Accept, reader, ("X-Forwarded-For", "203.0.113.7"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_quotas_and_the_schedules_of_a_key_are_its_own()
    {
        await using var service = GuardedService.Start(_database, null, ("Access:Schedules", "own"));
        var (_, poor) = await service.KeyAsync(AccessRole.Solve, new Quotas(null, null, SolverSecondsPerDay: 1));
        var (_, other) = await service.KeyAsync();
        await using var poorAgent = await Agent.ConnectAsync(service.Http.BaseAddress!, poor);
        await using var otherAgent = await Agent.ConnectAsync(service.Http.BaseAddress!, other);
        var refused = await poorAgent.RefusedAsync("solve", Requests.Solve(seconds: 5));
        (refused["status"]!.GetValue<int>(), refused["retryAfterSeconds"]!.GetValue<int>() > 0).ShouldBe((429, true));
        var id = (await otherAgent.CallAsync("solve", Requests.Solve(seconds: 5)))["id"]!;
        (await poorAgent.RefusedAsync("explain", new JsonObject { ["id"] = id.DeepClone() }))["status"]!.GetValue<int>().ShouldBe(404);
    }

    [Fact]
    public async Task A_message_has_the_limits_of_every_body()
    {
        await using var service = new TestService(_database.ConnectionString, new StubSolver(), ("Limits:MaxBodyBytes", "2048"));
        foreach (var message in new[] { "[", "", $$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{{new string('[', 16)}}{{new string(']', 16)}}}""" })
        {
            var answer = await service.PostAsync("/mcp", message, Accept);
            (answer.Status, answer.MediaType).ShouldBe((400, "application/problem+json"), answer.Text);
        }

        var long4096 = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = new string('x', 4096) };
        (await service.PostAsync("/mcp", long4096, Accept)).Status.ShouldBe(413);
        (await service.SendAsync(HttpMethod.Post, "/mcp", new StringContent(Ping, Encoding.UTF8, "text/plain"), Accept)).Status.ShouldBe(415);
    }
}

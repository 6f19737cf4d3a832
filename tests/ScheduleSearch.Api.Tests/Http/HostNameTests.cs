using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Http;

/// <summary>A page in a browser whose own name leads to this machine.</summary>
public sealed class HostNameTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:5080", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    [InlineData("10.0.0.1", 400)]
    public async Task On_loopback_alone_only_names_of_this_machine_are_answered(string host, int status)
    {
        await using var service = Start("http://127.0.0.1:0");
        foreach (var path in new[] { "/healthz", "/limits", "/nothing" })
        {
            var answer = await service.GetAsync(path, ("Host", host));
            answer.Status.ShouldBe(status == 200 && path == "/nothing" ? 404 : status, answer.Text);
            answer.Response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            if (status != 400) continue;
            answer.MediaType.ShouldBe("application/problem+json");
            answer["detail"]!.GetValue<string>().ShouldContain("AllowedHosts");
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://127.0.0.1:5080;http://*:8080")]
    [InlineData("http://schedules.example:5080")]
    public async Task A_service_that_others_reach_answers_to_any_name(string urls)
    {
        await using var service = Start(urls);
        (await service.GetAsync("/healthz", ("Host", "schedules.example"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_configuration_says_otherwise()
    {
        await using var service = Start("http://127.0.0.1:0", ("AllowedHosts", "schedules.example;*.cluster.local"));
        (await service.GetAsync("/healthz", ("Host", "schedules.example"))).Status.ShouldBe(200);
        (await service.GetAsync("/healthz", ("Host", "a.cluster.local"))).Status.ShouldBe(200);
        (await service.GetAsync("/healthz", ("Host", "evil.example"))).Status.ShouldBe(400);
    }

    private TestService Start(string urls, params (string Name, string Value)[] settings) =>
        new(_database.ConnectionString, new StubSolver(), [("urls", urls), ("Access:AllowOpen", "true"), .. settings]);
}

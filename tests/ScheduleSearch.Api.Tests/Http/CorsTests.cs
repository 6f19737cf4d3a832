using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Http;

/// <summary>What pages of other origins may do from a browser.</summary>
public sealed class CorsTests
{
    private const string Origin = "https://plans.example.org";
    private const string Allowed = "Access-Control-Allow-Origin";

    private static readonly (string, string)[] Preflight =
    [
        ("Origin", Origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"),
    ];

    [Fact]
    public async Task Pages_of_the_origins_in_the_settings_call_the_service_and_no_others()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver(), ("Cors:Origins:0", Origin));
        var asked = await service.SendAsync(HttpMethod.Options, "/schedules/solve", null, Preflight);
        (asked.Status, asked.Response.Headers.GetValues(Allowed).Single()).ShouldBe((204, Origin));
        asked.Response.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("authorization");
        var read = await service.GetAsync("/schedules/00000000", ("Origin", Origin));
        (read.Status, read.Response.Headers.GetValues(Allowed).Single()).ShouldBe((404, Origin), "pages read what is wrong");
        read.Response.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("Link");
        (await service.GetAsync("/families", ("Origin", "https://other.example.org"))).Response.Headers.Contains(Allowed).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_the_setting_no_page_does()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        (await service.SendAsync(HttpMethod.Options, "/schedules/solve", null, Preflight)).Response.Headers.Contains(Allowed).ShouldBeFalse();
        (await service.GetAsync("/families", ("Origin", Origin))).Response.Headers.Contains(Allowed).ShouldBeFalse();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("plans.example.org")]
    [InlineData("https://plans.example.org/")]
    public async Task What_is_no_origin_keeps_the_service_from_starting(string origin)
    {
        await using var database = await TestDatabase.CreateAsync();
        Should.Throw<OptionsValidationException>(() => new TestService(database.ConnectionString, new StubSolver(), ("Cors:Origins:0", origin)))
            .Message.ShouldContain("https://plans.example.org");
    }
}

using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>From a profile to a stream in one call.</summary>
public sealed class StreamOfSolveTests : IAsyncLifetime
{
    private readonly StubSolver _solver = new() { OnSearch = StubSolver.BetterAsync };
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, _solver);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("format=pytorch", "text/csv", "instructions?format=pytorch&version=2.14")]
    [InlineData("format=pytorch-comms&version=2.8", "text/csv", "instructions?format=pytorch-comms&version=2.8")]
    [InlineData("format=native", "application/json", "instructions?format=native")]
    [InlineData("format=timeline", "application/json", "instructions?format=timeline")]
    [InlineData("format=svg", "image/svg+xml", "timeline.svg?name=test")]
    public async Task A_solve_with_a_format_answers_with_the_stream(string query, string mediaType, string place)
    {
        var answer = await Service.PostAsync($"/schedules/solve?{query}", Requests.Solve(seconds: 60));
        answer.Status.ShouldBe(200, answer.Text);
        answer.MediaType.ShouldBe(mediaType);
        var location = answer.Response.Content.Headers.ContentLocation!.ToString();
        location.ShouldContain($"/{place}&revision=");
        (await Service.GetAsync(location)).Text.ShouldBe(answer.Text);
        string.Join(", ", answer.Response.Headers.GetValues("Link")).ShouldContain("title=\"timeline\"");
    }

    [Fact]
    public async Task A_format_that_is_none_is_refused_before_anything_is_searched()
    {
        var answer = await Service.PostAsync("/schedules/solve?format=pytroch", Requests.Solve(seconds: 60));
        (answer.Status, answer.Members.Single()).ShouldBe((400, "format"));
        answer["detail"]!.GetValue<string>().ShouldEndWith("Did you mean pytorch?");
        _solver.QuickPasses.ShouldBe(0);
    }

    [Fact]
    public async Task A_schedule_that_the_format_does_not_carry_is_422_as_at_the_stream()
    {
        var answer = await Service.PostAsync("/schedules/solve?format=deepspeed", Requests.Solve(seconds: 60));
        var id = (await Service.PostAsync("/schedules/solve", Requests.Solve(seconds: 60)))["id"];
        var stream = await Service.GetAsync($"/schedules/{id}/instructions?format=deepspeed");
        (answer.Status, answer.Text).ShouldBe((422, stream.Text));
    }

    [Fact]
    public async Task What_has_not_ended_is_202_with_its_state()
    {
        _solver.OnSearch = StubSolver.UntilStoppedAsync;
        var answer = await Service.PostAsync("/schedules/solve?format=pytorch", Requests.Solve(seconds: 60), ("Prefer", "respond-async"));
        answer.Status.ShouldBe(202);
        answer.Response.Headers.Location!.ToString().ShouldBe($"/schedules/{answer["id"]}");
        answer.Response.Headers.GetValues("Link").Single().ShouldContain($"/schedules/{answer["id"]}/events");
        await Service.SendAsync(HttpMethod.Delete, $"/schedules/{answer["id"]}");
    }
}

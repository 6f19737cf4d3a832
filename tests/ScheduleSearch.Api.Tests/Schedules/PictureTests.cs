using System.Globalization;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Pictures of a schedule as somebody asks for them.</summary>
public sealed class PictureTests(PictureTests.Stored stored) : IClassFixture<PictureTests.Stored>
{
    [Fact]
    public async Task A_part_is_drawn_as_wide_as_asked_with_memory()
    {
        var whole = (await stored.PictureAsync("")).Text;
        whole.ShouldContain("rank 0");
        whole.ShouldNotContain("limit 8");
        var part = (await stored.PictureAsync("?width=1000&from=5&to=10.5&ranks=1,2-3&memory=true")).Text;
        part.ShouldContain("width=\"1000\"");
        part.ShouldContain("shown from 5 to 10.5 ms · 3 of 4 ranks");
        part.ShouldContain("rank 3");
        part.ShouldNotContain("rank 0");
        part.ShouldContain("limit 8");
        (await stored.PictureAsync("?from=0&ranks=0-3&memory=false")).Text.ShouldBe(whole);
    }

    [Fact]
    public async Task Its_head_says_how_good_the_schedule_is()
    {
        var answer = await stored.Api.GetAsync($"/schedules/{stored.Id}");
        (await stored.PictureAsync("")).Text.ShouldContain(
            $"optimal · bound {answer["lowerBound"]!.ToJsonString()} ms ({answer["bound"]}) · gap 0.0 % · method {answer["method"]}");
    }

    [Fact]
    public async Task The_head_of_a_choices_picture_has_what_is_proved_of_every_placement()
    {
        var body = Requests.Solve(microbatches: 6);
        body["profile"]!["pipeline"]!["placement"] = "best";
        body["profile"]!["pipeline"]!["chunks"] = 2;
        var answer = await stored.Api.PostAsync("/schedules/solve", body);
        var picture = await stored.Api.GetAsync($"/schedules/{answer["id"]}/timeline.svg");
        picture.Text.ShouldContain(string.Create(
            CultureInfo.InvariantCulture,
            $"{answer["status"]} · bound {answer["lowerBound"]!.GetValue<decimal>():0.####} ms ({answer["bound"]}) · gap {100 * answer["gap"]!.GetValue<double>():0.0} %"));
    }

    [Theory]
    [InlineData("width=399", "width")]
    [InlineData("width=10001", "width")]
    [InlineData("width=1e3", "width")]
    [InlineData("width=", "width")]
    [InlineData("width=800&width=900", "width")]
    [InlineData("from=-1", "from")]
    [InlineData("from=99999", "from")]
    [InlineData("from=1,5", "from")]
    [InlineData("to=0", "to")]
    [InlineData("from=5&to=5", "to")]
    [InlineData("from=5&to=4", "to")]
    [InlineData("to=999999999999999999999999999999999", "to")]
    [InlineData("ranks=", "ranks")]
    [InlineData("ranks=4", "ranks")]
    [InlineData("ranks=3-1", "ranks")]
    [InlineData("ranks=0-", "ranks")]
    [InlineData("ranks=-1", "ranks")]
    [InlineData("ranks=0,,1", "ranks")]
    [InlineData("ranks=0-1-2", "ranks")]
    [InlineData("ranks=0;1", "ranks")]
    [InlineData("ranks=0-99999999999", "ranks")]
    [InlineData("memory=1", "memory")]
    [InlineData("memory=", "memory")]
    [InlineData("rank=0", "rank")]
    [InlineData("format=svg", "format")]
    public async Task A_wrong_parameter_is_named_with_what_it_takes(string query, string parameter)
    {
        var answer = await stored.Api.GetAsync($"/schedules/{stored.Id}/timeline.svg?{query}");
        answer.Status.ShouldBe(400, answer.Text);
        answer.Members.ShouldBe([parameter]);
        answer["detail"]!.GetValue<string>().ShouldMatch(parameter switch
        {
            "width" => "whole number of pixels from 400 to 10000",
            "from" => @"a time in ms, from 0 to below the makespan of [\d.]+\.$",
            "to" => @"a time in ms, from [\d.]+ \(the least after from\) to [\d.]+; left out, it is the end",
            "ranks" => "ranks from 0 to 3 and ascending ranges of them, such as 0-3",
            "memory" => "true or false",
            _ => "the parameters are revision, width, from, to, ranks, memory",
        });
    }

    [Fact]
    public async Task Memory_that_nobody_stated_is_not_drawn()
    {
        var id = (await stored.Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 3)))["id"]!.GetValue<string>();
        var answer = await stored.Api.GetAsync($"/schedules/{id}/timeline.svg?memory=true");
        (answer.Status, answer.Members.Single()).ShouldBe((400, "memory"));
        answer["detail"]!.GetValue<string>().ShouldContain("memory.activation");
    }

    [Fact]
    public async Task What_an_optimal_schedule_shows_is_kept_by_who_has_it()
    {
        var revision = (await stored.Api.GetAsync($"/schedules/{stored.Id}"))["revision"]!.GetValue<string>();
        (await stored.PictureAsync("?width=900")).Response.Headers.CacheControl!.NoCache.ShouldBeTrue("a better one may come to stand there");
        var picture = await stored.PictureAsync($"?width=900&revision={revision}");
        picture.Response.Headers.CacheControl!.ToString().ShouldContain("immutable");
        var tag = ("If-None-Match", picture.Response.Headers.ETag!.ToString());
        (await stored.Api.GetAsync($"/schedules/{stored.Id}/timeline.svg?width=900", tag)).Status.ShouldBe(304);
        (await stored.Api.GetAsync($"/schedules/{stored.Id}/timeline.svg?width=901", tag)).Status.ShouldBe(200, "the tag is of another picture");
    }

    [Fact]
    public async Task What_more_is_proved_of_changes_though_the_schedule_is_named()
    {
        stored.Solver.OnSearch = (_, _, known, _, _) => Task.FromResult(known);
        var first = await stored.Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 5, seconds: 1));
        first["status"]!.GetValue<string>().ShouldBe("feasible");
        var path = $"/schedules/{first["id"]}/timeline.svg?revision={first["revision"]}";
        var before = await stored.Api.GetAsync(path);
        before.Response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        before.Text.ShouldContain("feasible · bound");

        stored.Solver.OnSearch = StubSolver.BetterAsync;
        var better = await stored.Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 5, seconds: 5));
        better["revision"]!.GetValue<string>().ShouldNotBe(first["revision"]!.GetValue<string>());
        var replaced = await stored.Api.GetAsync(path);
        replaced.Text.ShouldContain("feasible · bound", Case.Sensitive, "another may be optimal");
        replaced.Text.ShouldContain("method sequential");
        (await stored.Api.GetAsync($"/schedules/{first["id"]}/timeline.svg")).Text.ShouldContain($"{better["status"]} · bound");
    }

    public sealed class Stored : IAsyncLifetime
    {
        private TestDatabase _database = null!;

        internal TestService Api { get; private set; } = null!;

        internal StubSolver Solver { get; } = new() { OnSearch = StubSolver.BetterAsync };

        internal string Id { get; private set; } = "";

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync();
            Api = new TestService(_database.ConnectionString, Solver);
            Id = (await Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 8, limit: 8)))["id"]!.GetValue<string>();
            var answer = await Api.WaitWhileAsync(Id, "queued", "running");
            answer["status"]!.GetValue<string>().ShouldBe("optimal", answer.Text);
        }

        public async Task DisposeAsync()
        {
            await Api.DisposeAsync();
            await _database.DisposeAsync();
        }

        internal async Task<Answer> PictureAsync(string query)
        {
            var answer = await Api.GetAsync($"/schedules/{Id}/timeline.svg{query}");
            answer.Status.ShouldBe(200, answer.Text);
            return answer;
        }
    }
}

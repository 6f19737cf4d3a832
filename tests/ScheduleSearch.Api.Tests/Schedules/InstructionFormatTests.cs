using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>The streams of a stored schedule in the formats of runtimes, and what comes with them.</summary>
public sealed class InstructionFormatTests(InstructionFormatTests.Stored stored) : IClassFixture<InstructionFormatTests.Stored>
{
    [Theory]
    [InlineData("pytorch", "text/csv", "csv")]
    [InlineData("pytorch-comms", "text/csv", "csv")]
    [InlineData("megatron-zb", "application/json", "json")]
    [InlineData("jaxpp", "application/json", "json")]
    [InlineData("chrome-trace", "application/json", "json")]
    public async Task A_schedule_with_split_backwards_leaves_in_these(string format, string mediaType, string extension)
    {
        var stream = await GetAsync(stored.Split, $"instructions?format={format}");
        (stream.Status, stream.MediaType).ShouldBe((200, mediaType));
        stream.Response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"{stored.Split[..12]}.{extension}");
        if (mediaType == "application/json") stream["id"]!.GetValue<string>().ShouldBe(stored.Split);
    }

    [Theory]
    [InlineData("deepspeed", "DeepSpeed")]
    [InlineData("nnscaler", "nnScaler")]
    public async Task Others_refuse_it_and_name_the_member_to_change(string format, string runtime)
    {
        foreach (var what in new[] { "instructions", "runtime" })
        {
            var refusal = await GetAsync(stored.Split, $"{what}?format={format}");
            refusal.Status.ShouldBe(422);
            refusal.MediaType.ShouldBe("application/problem+json");
            refusal.Members.ShouldBe(["$.options.splitBackward"]);
            refusal["errors"]!["$.options.splitBackward"]![0]!.GetValue<string>().ShouldContain(runtime);
            refusal["detail"]!.GetValue<string>().ShouldContain("Solve with splitBackward: false.");
        }

        (await GetAsync(stored.Whole, $"instructions?format={format}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Releases_of_PyTorch_get_the_actions_that_they_know()
    {
        (await GetAsync(stored.Split, "instructions?format=pytorch-comms&version=2.9")).Text.ShouldNotContain("REDUCE_GRAD");
        (await GetAsync(stored.Split, "instructions?format=pytorch-comms&version=2.10")).Text.ShouldContain("REDUCE_GRAD");
        (await GetAsync(stored.Split, "instructions?format=pytorch-comms")).Text.ShouldContain("REDUCE_GRAD");
    }

    [Theory]
    [InlineData("format=pytorch-comms&version=2.7")]
    [InlineData("format=pytorch-comms&version=")]
    [InlineData("format=pytorch-comms&version=2.10.0")]
    [InlineData("format=native&version=2.10")]
    public async Task A_wrong_version_is_named(string query)
    {
        var answer = await GetAsync(stored.Split, $"instructions?{query}");
        answer.Status.ShouldBe(400);
        answer.Members.ShouldBe(["version"]);
    }

    [Fact]
    public async Task A_csv_says_where_its_settings_are()
    {
        var stream = await GetAsync(stored.Split, "instructions?format=pytorch-comms&version=2.9");
        var link = stream.Response.Headers.GetValues("Link").Single();
        var revision = stream.Response.Headers.GetValues("Schedule-Revision").Single();
        link.ShouldBe($"</schedules/{stored.Split}/runtime?format=pytorch-comms&version=2.9&revision={revision}>; rel=\"describedby\"");
        var runtime = await stored.Api.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        runtime.Status.ShouldBe(200);
        runtime["runtimeVersion"]!.GetValue<string>().ShouldBe("2.9");
        runtime["placement"]!["ranksOfStages"]!.ToJsonString().ShouldBe("[[0,1,2,3]]");
        runtime["settings"]!["parallelism.pipeline_parallel_schedule"]!.GetValue<string>().ShouldBe("1F1B");
        runtime["settings"]!["stage order"]!.GetValue<string>().ShouldBe("loop");
        runtime["settings"]!["n_microbatches"]!.GetValue<string>().ShouldBe("8");
    }

    [Fact]
    public async Task The_trace_stands_beside_the_picture()
    {
        var trace = await GetAsync(stored.Split, "trace.json");
        (trace.Status, trace.MediaType).ShouldBe((200, "application/json"));
        trace["traceEvents"]!.AsArray().Count(item => item!["ph"]!.GetValue<string>() == "X").ShouldBe(4 * 8 * 3);
        trace.Text.ShouldBe((await GetAsync(stored.Split, "instructions?format=chrome-trace")).Text);
        (await stored.Api.GetAsync($"/schedules/{new string('0', 64)}/trace.json")).Status.ShouldBe(404);
        (await stored.Api.GetAsync($"/schedules/{stored.Split}/trace.json", ("If-None-Match", trace.Response.Headers.ETag!.ToString()))).Status.ShouldBe(304);
    }

    [Fact]
    public async Task The_timeline_stands_there_by_columns_under_the_callers_name()
    {
        var timeline = await GetAsync(stored.Split, "timeline.json");
        (timeline.Status, timeline.MediaType).ShouldBe((200, "application/json"));
        timeline["operations"]!["start"]!.AsArray().Count.ShouldBe(4 * 8 * 3);
        timeline.Text.ShouldBe((await GetAsync(stored.Split, "instructions?format=timeline")).Text);
        (await stored.Api.GetAsync($"/schedules/{stored.Split}/timeline.json", ("If-None-Match", timeline.Response.Headers.ETag!.ToString()))).Status.ShouldBe(304);
        (await stored.Api.GetAsync($"/schedules/{new string('0', 64)}/timeline.json")).Status.ShouldBe(404);
    }

    private Task<Answer> GetAsync(string id, string what) => stored.Api.GetAsync($"/schedules/{id}/{what}");

    public sealed class Stored : IAsyncLifetime
    {
        private TestDatabase _database = null!;

        internal TestService Api { get; private set; } = null!;

        internal string Split { get; private set; } = "";

        internal string Whole { get; private set; } = "";

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync();
            Api = new TestService(_database.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
            var request = Requests.Solve(microbatches: 8);
            Split = (await Api.PostAsync("/schedules/solve", request))["id"]!.GetValue<string>();
            request["options"]!["splitBackward"] = false;
            Whole = (await Api.PostAsync("/schedules/solve", request))["id"]!.GetValue<string>();
        }

        public async Task DisposeAsync()
        {
            await Api.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}

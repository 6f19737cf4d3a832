using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>What a stored schedule can be had as: compressed, conditional, as a stream, as a picture, in lists.</summary>
public sealed class ScheduleAccessTests(ScheduleAccessTests.Stored stored) : IClassFixture<ScheduleAccessTests.Stored>
{
    [Fact]
    public async Task An_answer_that_the_client_has_already_is_304()
    {
        var first = await stored.Api.GetAsync($"/schedules/{stored.Id}");
        var tag = first.Response.Headers.ETag!.ToString();
        first.Response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var again = await stored.Api.GetAsync($"/schedules/{stored.Id}", ("If-None-Match", tag));
        again.Status.ShouldBe(304);
        again.Bytes.ShouldBeEmpty();
        (await stored.Api.GetAsync($"/schedules/{stored.Id}", ("If-None-Match", "\"other\""))).Status.ShouldBe(200);
        (await stored.Api.GetAsync($"/schedules/{stored.Id}", ("If-None-Match", "nonsense"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Instructions_never_change_where_the_URL_names_the_revision()
    {
        var stream = await stored.Api.GetAsync($"/schedules/{stored.Id}/instructions?format=pytorch");
        stream.Status.ShouldBe(200);
        stream.MediaType.ShouldBe("text/csv");
        stream.Response.Headers.CacheControl!.NoCache.ShouldBeTrue("a schedule that no revision names may have another stream tomorrow");
        var pinned = await stored.Api.GetAsync(stream.Response.Content.Headers.ContentLocation!.ToString());
        (pinned.Text, pinned.Response.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal)).ShouldBe((stream.Text, true));
        stream.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        var again = await stored.Api.GetAsync(
            $"/schedules/{stored.Id}/instructions?format=pytorch", ("If-None-Match", stream.Response.Headers.ETag!.ToString()));
        again.Status.ShouldBe(304);
    }

    [Fact]
    public async Task One_rank_can_be_had_alone()
    {
        var all = JsonNode.Parse((await stored.Api.GetAsync($"/schedules/{stored.Id}/instructions?format=native")).Bytes);
        var one = JsonNode.Parse((await stored.Api.GetAsync($"/schedules/{stored.Id}/instructions?format=native&rank=3")).Bytes);
        all.ShouldNotBeNull();
        one!.ToJsonString().Length.ShouldBeLessThan(all.ToJsonString().Length);
    }

    [Fact]
    public async Task The_native_format_is_the_default()
    {
        var plain = await stored.Api.GetAsync($"/schedules/{stored.Id}/instructions");
        plain.Text.ShouldBe((await stored.Api.GetAsync($"/schedules/{stored.Id}/instructions?format=native")).Text);
    }

    [Theory]
    [InlineData("/schedules/{id}")]
    [InlineData("/schedules/{id}/timeline.svg")]
    [InlineData("/schedules")]
    [InlineData("/healthz")]
    [InlineData("/swagger/v1/swagger.json")]
    [InlineData("/swagger/index.html")]
    public async Task The_head_of_whatever_can_be_read_can_be_had_alone(string path)
    {
        path = path.Replace("{id}", stored.Id, StringComparison.Ordinal);
        var whole = await stored.Api.GetAsync(path);
        var head = await stored.Api.SendAsync(HttpMethod.Head, path);
        (head.Status, head.MediaType).ShouldBe((200, whole.MediaType));
        head.Response.Headers.ETag.ShouldBe(whole.Response.Headers.ETag);
        head.Bytes.ShouldBeEmpty();
        (await stored.Api.SendAsync(HttpMethod.Head, "/schedules/compare/nothing")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("format=megatron", "format")]
    [InlineData("format=", "format")]
    [InlineData("format=native&rank=-1", "rank")]
    [InlineData("format=native&rank=4", "rank")]
    [InlineData("format=native&rank=1000000000", "rank")]
    [InlineData("format=native&rank=99999999999999", "rank")]
    [InlineData("format=native&rank=x", "rank")]
    [InlineData("format=native&rank=", "rank")]
    public async Task A_wrong_parameter_is_named(string query, string parameter)
    {
        var answer = await stored.Api.GetAsync($"/schedules/{stored.Id}/instructions?{query}");
        answer.Status.ShouldBe(400);
        answer.Members.ShouldBe([parameter]);
        if (parameter == "format") answer["errors"]!["format"]![0]!.GetValue<string>().ShouldContain("native, pytorch");
    }

    [Fact]
    public async Task A_picture_shows_it()
    {
        var picture = await stored.Api.GetAsync($"/schedules/{stored.Id}/timeline.svg");
        picture.Status.ShouldBe(200);
        picture.MediaType.ShouldBe("image/svg+xml");
        picture.Text.ShouldContain("<svg");
        (await stored.Api.GetAsync($"/schedules/{new string('0', 64)}/timeline.svg")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answers_are_compressed_for_who_takes_that(string encoding)
    {
        var plain = await stored.Api.GetAsync($"/schedules/{stored.Id}");
        var small = await stored.Api.GetAsync($"/schedules/{stored.Id}", ("Accept-Encoding", encoding));
        small.Response.Content.Headers.ContentEncoding.ShouldBe([encoding]);
        small.Bytes.Length.ShouldBeLessThan(plain.Bytes.Length / 2);
        using Stream stream = encoding == "gzip"
            ? new GZipStream(new MemoryStream(small.Bytes), CompressionMode.Decompress)
            : new BrotliStream(new MemoryStream(small.Bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        (await reader.ReadToEndAsync()).ShouldBe(plain.Text);
    }

    [Fact]
    public async Task The_list_is_paged_newest_first_and_filtered()
    {
        var all = await stored.Api.GetAsync("/schedules");
        all["total"]!.GetValue<int>().ShouldBe(4);
        all["items"]!.AsArray().Select(item => item!["microbatches"]!.GetValue<int>()).ShouldBe([3, 2, 1, 8]);
        var page = await stored.Api.GetAsync("/schedules?pageSize=3&page=2");
        page["items"]!.AsArray().Single()!["id"]!.GetValue<string>().ShouldBe(stored.Id);
        page["items"]![0]!["makespan"]!.ToJsonString().ShouldBe((await stored.Api.GetAsync($"/schedules/{stored.Id}"))["makespan"]!.ToJsonString());
        (await TotalAsync("devices=4")).ShouldBe(1);
        (await TotalAsync("devices=2&microbatches=2&placement=linear&chunks=1&objective=makespan")).ShouldBe(1);
        (await TotalAsync("objective=span")).ShouldBe(0);
        (await TotalAsync("status=running")).ShouldBe(0);
        (await TotalAsync("page=999999999")).ShouldBe(4);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=x", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("devices=-1", "devices")]
    [InlineData("status=done", "status")]
    [InlineData("placement=zigzag", "placement")]
    [InlineData("device=4", "device")]
    public async Task A_wrong_filter_is_named(string query, string parameter)
    {
        var answer = await stored.Api.GetAsync($"/schedules?{query}");
        answer.Status.ShouldBe(400);
        answer.Members.ShouldBe([parameter]);
    }

    private async Task<int> TotalAsync(string query) => (await stored.Api.GetAsync($"/schedules?{query}"))["total"]!.GetValue<int>();

    public sealed class Stored : IAsyncLifetime
    {
        private TestDatabase _database = null!;

        internal TestService Api { get; private set; } = null!;

        internal string Id { get; private set; } = "";

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync();
            Api = new TestService(_database.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
            // Each ends at once; how long a busy machine takes to get there is no matter.
            var answer = await Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 8, seconds: 60));
            answer["status"]!.GetValue<string>().ShouldBe("optimal");
            Id = answer["id"]!.GetValue<string>();
            for (var microbatches = 1; microbatches <= 3; microbatches++) await Api.PostAsync("/schedules/solve", Requests.Solve(microbatches, seconds: 60, devices: 2));
        }

        public async Task DisposeAsync()
        {
            await Api.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}

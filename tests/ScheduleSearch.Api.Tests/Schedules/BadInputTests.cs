using System.Text;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Each wrong member has its status and is named by its path.</summary>
public sealed class BadInputTests(BadInputTests.Service service) : IClassFixture<BadInputTests.Service>
{
    public static TheoryData<string, string, int, string> Members => new()
    {
        { "profile.pipeline.devices", "4.5", 400, "$.profile.pipeline.devices" },
        { "profile.pipeline.devices", "\"4\"", 400, "$.profile.pipeline.devices" },
        { "profile.pipeline.devices", "null", 400, "$.profile.pipeline.devices" },
        { "profile.pipeline.devices", "99999999999", 400, "$.profile.pipeline.devices" },
        { "profile.pipeline.devices", "0", 400, "$.profile.pipeline.devices" },
        { "profile.pipeline.devices", "1000000", 422, "$.profile.pipeline.devices" },
        { "profile.pipeline.microbatches", "0", 400, "$.profile.pipeline.microbatches" },
        { "profile.pipeline.microbatches", "60000", 422, "$.profile.pipeline.microbatches" },
        { "profile.pipeline.chunks", "2", 400, "$.profile.pipeline.placement" },
        { "profile.pipeline.placement", "\"spiral\"", 400, "$.profile.pipeline.placement" },
        { "profile.pipeline.placement", "\"wave\"", 400, "$.profile.pipeline.chunks" },
        { "profile.pipeline.placement", "\"bidirectional\",\"chunks\":0", 400, "$.profile.pipeline.chunks" },
        { "profile.pipeline.placement", "\"best\",\"chunks\":0", 400, "$.profile.pipeline.chunks" },
        { "profile.pipeline.placement", "\"best\",\"chunks\":1000000", 422, "$.profile.pipeline.chunks" },
        { "profile.pipeline.placement", "\"best\",\"stageDevices\":[0,1,2,3]", 400, "$.profile.pipeline.stageDevices" },
        { "profile.pipeline.placement", "\"v\"", 400, "$.profile.pipeline.chunks" },
        { "profile.pipeline.placement", "\"explicit\"", 400, "$.profile.pipeline.stageDevices" },
        { "profile.pipeline.stageDevices", "[0,1,2,3]", 400, "$.profile.pipeline.stageDevices" },
        { "profile.pipeline.stages", "4", 400, "$.profile.pipeline.stages" },
        { "profile.pipeline.stages", "null", 400, "$.profile.pipeline.stages" },
        { "profile.times", "null", 400, "$.profile.times" },
        { "profile.times.forward", "null", 400, "$.profile.times.forward" },
        { "profile.times.forward", "1e999", 400, "$.profile.times.forward" },
        { "profile.times.forward", "[1,1,1,1e999]", 400, "$.profile.times.forward[3]" },
        { "profile.times.forward", "1e-320", 400, "$.profile.times.forward" },
        { "profile.times.forward", "\"NaN\"", 400, "$.profile.times.forward" },
        { "profile.times.forward", "-1", 400, "$.profile.times.forward" },
        { "profile.times.forward", "[1,1]", 400, "$.profile.times.forward" },
        { "profile.times.forward", "[1,1,null,1]", 400, "$.profile.times.forward[2]" },
        { "profile.times.backwardWeight", "1e11", 400, "$.profile.times.communication" },
        { "profile.times.unit", "\"min\"", 400, "$.profile.times.unit" },
        { "profile.times.communication", "[[0,1],[1,0]]", 400, "$.profile.times.communication" },
        { "profile.memory.limit", "4", 400, "$.profile.memory.activation" },
        { "profile.memory", "{\"limit\":0,\"activation\":1}", 400, "$.profile.memory.limit" },
        { "profile.memory.limit", "1e400", 400, "$.profile.memory.limit" },
        { "profile.memory.retained", "-2", 400, "$.profile.memory.retained" },
        { "profile.memory", "{\"limit\":4,\"activation\":1,\"retained\":5}", 422, "$.profile.memory.limit" },
        { "profile.memory", "{\"limit\":1,\"activation\":2}", 422, "$.profile.memory.limit" },
        { "profile.memory", "{\"limit\":4,\"activation\":null}", 400, "$.profile.memory.activation" },
        { "profile.memory.weights", "-1", 400, "$.profile.memory.weights" },
        { "profile.memory.weights", "[1,2,3]", 400, "$.profile.memory.weights" },
        { "profile.memory", "{\"total\":8}", 400, "$.profile.memory.activation" },
        { "profile.memory", "{\"total\":8,\"limit\":8,\"activation\":1}", 400, "$.profile.memory.total" },
        { "profile.memory", "{\"total\":8,\"weights\":7.5,\"activation\":1}", 422, "$.profile.memory.total" },
        { "profile.overlap", "{}", 400, "$.profile.overlap.duration" },
        { "profile.overlap", "{\"duration\":1}", 400, "$.profile.overlap.duration" },
        { "profile.overlap", "{\"duration\":[3,3,3,9]}", 400, "$.profile.overlap.duration[3]" },
        { "profile.overlap", "{\"duration\":3,\"pairs\":1}", 400, "$.profile.overlap.pairs" },
        { "profile.overlap", "{\"duration\":[[3,3],[3,3]]}", 400, "$.profile.overlap.duration" },
        { "profile.overlap", "{\"duration\":[[3,0,0,0],[0,3,0,0],[0,0,1,0],[0,0,0,3]]}", 400, "$.profile.overlap.duration[2][2]" },
        { "profile.overlap", "{\"gain\":1.5}", 400, "$.profile.overlap.gain" },
        { "profile.overlap", "{\"gain\":[0,0,-1,0]}", 400, "$.profile.overlap.gain[2]" },
        { "profile.overlap", "{\"duration\":3,\"gain\":0.5}", 400, "$.profile.overlap.gain" },
        { "profile.slices", "{\"count\":0}", 400, "$.profile.slices.count" },
        { "profile.slices", "{\"count\":2.5}", 400, "$.profile.slices.count" },
        { "profile.slices", "{\"count\":100000}", 422, "$.profile.slices.count" },
        { "profile.slices", "{\"count\":2000000000}", 422, "$.profile.slices.count" },
        { "profile.slices", "{\"count\":2,\"forward\":[1]}", 400, "$.profile.slices.forward" },
        { "profile.slices", "{\"count\":2,\"backward\":[1,0]}", 400, "$.profile.slices.backward[1]" },
        { "profile.slices", "{\"count\":2,\"keyValue\":-1}", 400, "$.profile.slices.keyValue" },
        { "profile.slices", "{\"count\":2,\"hidden\":8}", 400, "$.profile.slices.hidden" },
        { "profile.slices", "{\"count\":4,\"sequence\":3,\"hidden\":8}", 400, "$.profile.slices.sequence" },
        { "profile.slices", "{\"count\":2},\"recompute\":{\"kept\":0}", 400, "$.profile.recompute" },
        { "profile.slices", "{\"count\":2},\"overlap\":{\"duration\":3}", 400, "$.profile.overlap" },
        { "profile.recompute", "{}", 400, "$.profile.recompute.kept" },
        { "profile.recompute", "{\"kept\":null}", 400, "$.profile.recompute.kept" },
        { "profile.recompute", "{\"kept\":1}", 400, "$.profile.recompute.kept" },
        { "profile.recompute", "{\"kept\":0,\"time\":[1,1]}", 400, "$.profile.recompute.time" },
        { "profile.recompute", "{\"kept\":0,\"choose\":[4]}", 400, "$.profile.recompute.choose" },
        { "profile.recompute", "{\"kept\":0,\"choose\":\"most\"}", 400, "$.profile.recompute.choose" },
        { "profile.vocabulary", "{\"size\":50000,\"forward\":1}", 400, "$.profile.vocabulary.backward" },
        { "profile.vocabulary", "{\"size\":0,\"forward\":1,\"backward\":1}", 400, "$.profile.vocabulary.size" },
        { "profile.vocabulary", "{\"size\":1099511627776,\"forward\":1,\"backward\":1}", 400, "$.profile.vocabulary.size" },
        { "profile.vocabulary", "{\"size\":9,\"parallel\":\"three\",\"forward\":1,\"backward\":1}", 400, "$.profile.vocabulary.parallel" },
        { "profile.optimizer", "{\"postValidation\":true}", 400, "$.profile.optimizer.step" },
        { "profile.logits", "{}", 400, "$.profile.logits" },
        { "profile.name", "\"\\ud800\"", 400, "$.profile.name" },
        { "profile", "[]", 400, "$.profile" },
        { "profile", "null", 400, "$.profile" },
        { "callback", "{\"url\":null}", 400, "$.callback.url" },
        { "options.timeLimitSeconds", "0", 400, "$.options.timeLimitSeconds" },
        { "options.timeLimitSeconds", "-1", 400, "$.options.timeLimitSeconds" },
        { "options.timeLimitSeconds", "1000000000", 422, "$.options.timeLimitSeconds" },
        { "options.targetGap", "2", 400, "$.options.targetGap" },
        { "options.workLimit", "0", 400, "$.options.workLimit" },
        { "options.workLimit", "1000000000001", 422, "$.options.workLimit" },
        { "options.objective", "\"time\"", 400, "$.options.objective" },
        { "options.splitBackward", "1", 400, "$.options.splitBackward" },
        { "options.family", "7", 400, "$.options.family" },
        { "options.family", "\"1f2b\"", 400, "$.options.family" },
        { "options.family", "\"1f1b-2\"", 400, "$.options.family" },
        { "options.family", "\"gis-0\"", 400, "$.options.family" },
        { "options.family", "\"gis-6\"", 422, "$.options.family" },
        { "options.family", "\"dualpipe\"", 422, "$.options.family" },
        { "options.threads", "8", 400, "$.options.threads" },
        { "placement", "\"v\"", 400, "$.placement" },
    };

    public static TheoryData<string, string> Documents => new()
    {
        { "empty", "" },
        { "not JSON", "profile" },
        { "NaN", Requests.With("profile.times.forward", "NaN") },
        { "top-level array", "[]" },
        { "top-level scalar", "1" },
        { "comment", "/* */" + Requests.Solve().ToJsonString() },
        { "trailing comma", "{\"profile\":{},}" },
        { "deep nesting", Requests.With("profile.times.forward", string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40))) },
        { "100k brackets", new string('[', 100_000) },
        { "two documents", "{}{}" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_wrong_member_is_named(string path, string json, int status, string member)
    {
        var answer = await service.Api.PostAsync("/schedules/solve", Requests.With(path, json));
        answer.Status.ShouldBe(status, answer.Text);
        answer.MediaType.ShouldBe("application/problem+json");
        answer.Members.ShouldContain(member);
        answer.Members.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Members_that_are_wrong_in_different_ways_are_all_named_at_once()
    {
        var answer = await service.Api.PostAsync("/schedules/solve", """
            {
              "profile": {
                "pipeline": { "devices": 4, "microbatches": 8 },
                "times": { "forward": "1", "backwardInput": [1, -2, 1, 1], "backwardWeight": [1, 2], "gap": 3 },
                "memory": { "limit": 0, "activation": null }
              },
              "options": { "objective": "speed", "timeLimitSeconds": 1e6 }
            }
            """);
        answer.Status.ShouldBe(400);
        answer.Members.Order().ShouldBe(
        [
            "$.options.objective", "$.options.timeLimitSeconds", "$.profile.memory.activation", "$.profile.memory.limit",
            "$.profile.times.backwardInput[1]", "$.profile.times.backwardWeight", "$.profile.times.forward", "$.profile.times.gap",
        ]);
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("profile.pipeline")]
    [InlineData("profile.pipeline.microbatches")]
    [InlineData("profile.times.backwardInput")]
    public async Task A_missing_member_is_named(string path)
    {
        var answer = await service.Api.PostAsync("/schedules/solve", Requests.Without(path));
        answer.Status.ShouldBe(400);
        answer.Members.ShouldBe([$"$.{path}"]);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_body_that_is_not_a_JSON_object_is_400(string what, string body)
    {
        var answer = await service.Api.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(400, what);
        answer.Members.ShouldBe(["$"]);
    }

    [Fact]
    public async Task Bytes_that_are_not_plain_UTF8_are_400()
    {
        byte[][] bodies =
        [
            [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Requests.Solve().ToJsonString())],
            [.. "{\"profile\":{\"name\":\""u8, 0xFF, 0xFE, .. "\"}}"u8],
            Encoding.Unicode.GetBytes(Requests.Solve().ToJsonString()),
        ];
        foreach (var body in bodies)
        {
            var answer = await service.Api.SendAsync(HttpMethod.Post, "/schedules/solve", TestService.Json(body));
            answer.Status.ShouldBe(400);
            answer.Members.ShouldBe(["$"]);
        }
    }

    [Fact]
    public async Task Duplicate_keys_a_long_string_and_a_long_number_are_named()
    {
        var twice = Requests.Solve().ToJsonString().Replace("\"devices\"", "\"devices\":4,\"devices\"", StringComparison.Ordinal);
        (await service.Api.PostAsync("/schedules/solve", twice))
            .Members.ShouldBe(["$.profile.pipeline.devices"]);
        (await service.Api.PostAsync("/schedules/solve", Requests.With("profile.name", $"\"{new string('x', 1 << 20)}\"")))
            .Members.ShouldBe(["$.profile.name"]);
        (await service.Api.PostAsync("/schedules/solve", Requests.With("profile.times.forward", "1" + new string('0', 1_000_000))))
            .Members.ShouldBe(["$.profile.times.forward"]);
    }

    [Fact]
    public async Task A_memory_limit_that_no_order_fits_is_422_and_says_how_much_is_needed()
    {
        var answer = await service.Api.PostAsync("/schedules/solve", Requests.With("profile.memory", "{\"limit\":[2,2,1.5,2],\"activation\":1.75}"));
        answer.Status.ShouldBe(422);
        answer.Members.ShouldBe(["$.profile.memory.limit[2]"]);
        answer["detail"]!.GetValue<string>().ShouldContain("1.75");
    }

    [Theory]
    [InlineData("""{"devices":1,"microbatches":3}""", 1)]
    [InlineData("""{"devices":4,"microbatches":1}""", 0)]
    [InlineData("""{"devices":3,"chunks":2,"placement":"explicit","stageDevices":[0,1,2,0,2,1],"microbatches":2}""", 1)]
    public async Task Small_and_odd_problems_are_valid(string pipeline, int backwardWeight)
    {
        var body = JsonNode.Parse(Requests.With("profile.pipeline", pipeline))!;
        body["profile"]!["times"]!["backwardWeight"] = backwardWeight;
        (await service.Api.PostAsync("/schedules/solve", body)).Status.ShouldBe(200);
    }

    public sealed class Service : IAsyncLifetime
    {
        private TestDatabase _database = null!;

        internal TestService Api { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync();
            Api = new TestService(_database.ConnectionString, new StubSolver());
        }

        public async Task DisposeAsync()
        {
            await Api.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}

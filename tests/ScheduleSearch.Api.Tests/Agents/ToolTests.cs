using System.Text.Json.Nodes;
using ModelContextProtocol;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Agents;

/// <summary>An agent plans a run: the tools one after the other, on the service as it is started.</summary>
public sealed class ToolTests(ToolTests.Planner planner) : IClassFixture<ToolTests.Planner>
{
    private readonly Agent _agent = planner.Agent;

    private TestService Service => planner.Service;

    [Fact]
    public async Task The_tools_say_what_they_take_and_every_answer_is_of_the_form_that_they_state()
    {
        var tools = (await _agent.Client.ListToolsAsync()).Select(tool => tool.ProtocolTool).ToDictionary(tool => tool.Name);
        tools.Keys.ShouldBe(["solve", "compare", "verify", "explain", "instructions"]);
        foreach (var tool in tools.Values)
        {
            var schema = tool.InputSchema.GetRawText();
            schema.ShouldNotContain("$ref", Case.Sensitive, tool.Name);
            // Whoever reads the schema finds an object at its top and every member where it stands.
            JsonNode.Parse(schema)!.AsObject().Select(member => member.Key).ShouldNotContain("allOf", tool.Name);
            tool.InputSchema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        }

        JsonNode.Parse(tools["solve"].InputSchema.GetRawText())!["properties"]!["profile"]!["properties"]!["times"]!["properties"]!["forward"]!["description"]!
            .GetValue<string>().ShouldNotBeEmpty();
        var id = (await _agent.CallAsync("solve", Example("solve")))["id"]!.DeepClone();
        foreach (var tool in tools.Values)
        {
            var arguments = Example(tool.Name);
            if (arguments.ContainsKey("id")) arguments["id"] = id.DeepClone();
            SchemaCheck.Faults(JsonNode.Parse(tool.InputSchema.GetRawText())!, arguments).ShouldBeEmpty(tool.Name);
            var answer = await _agent.CallAsync(tool.Name, arguments);
            SchemaCheck.Faults(JsonNode.Parse(tool.OutputSchema!.Value.GetRawText())!, answer).ShouldBeEmpty(tool.Name);
        }

        // An example stands in each description.
        JsonObject Example(string name) => JsonNode.Parse(tools[name].Description!.Split("Example of arguments: ")[1])!.AsObject();
    }

    [Fact]
    public async Task The_first_request_is_solved_as_the_api_solves_it()
    {
        var solved = await _agent.CallAsync("solve", FirstRequest());
        solved["status"]!.GetValue<string>().ShouldBe("optimal");
        (solved["makespan"]!.GetValue<decimal>(), solved["lowerBound"]!.GetValue<decimal>()).ShouldBe((27, 27));
        solved.ContainsKey("devices").ShouldBeFalse();
        var answer = (await Service.PostAsync("/schedules/solve", FirstRequest())).Json.AsObject();
        foreach (var member in answer.Where(member => member.Key is not ("devices" or "cached")))
            JsonNode.DeepEquals(solved[member.Key], member.Value).ShouldBeTrue(member.Key);
        foreach (var (name, path) in solved["links"]!.AsObject()) (await Service.GetAsync(path!.GetValue<string>())).Status.ShouldBe(200, name);
    }

    [Fact]
    public async Task Families_stand_beside_the_searched_schedule()
    {
        var compared = await _agent.CallAsync("compare", FirstRequest());
        var rows = compared["rows"]!.AsArray().ToDictionary(row => $"{row!["kind"]}/{row["name"]}", row => row!["makespan"]?.GetValue<decimal>());
        rows["family/zb-h1"].ShouldBe(27);
        rows["family/1f1b"].ShouldBe(33);
        rows.ShouldContainKey("search/zb-h1");
    }

    [Fact]
    public async Task A_wrong_order_has_its_broken_rules_named()
    {
        var order = new JsonObject
        {
            ["profile"] = JsonNode.Parse("""{"pipeline":{"devices":1,"microbatches":1},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}"""),
            ["devices"] = JsonNode.Parse("""[[{"op":"backward","stage":0,"microbatch":0},{"op":"forward","stage":0,"microbatch":0}]]"""),
        };
        var verified = await _agent.CallAsync("verify", order);
        verified["valid"]!.GetValue<bool>().ShouldBeFalse();
        JsonNode.DeepEquals(verified, (await Service.PostAsync("/schedules/verify", order.DeepClone())).Json).ShouldBeTrue();
        verified["violations"]![0]!["message"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_schedule_says_where_its_time_goes()
    {
        var request = Requests.Solve(limit: 3);
        var solved = await _agent.CallAsync("solve", request);
        var explained = await _agent.CallAsync("explain", new JsonObject { ["id"] = solved["id"]!.DeepClone() });
        foreach (var figure in new[] { "makespan", "span", "lowerBound", "bound", "gap", "bubbleRatio", "method", "revision", "status", "meanIdle", "limitedBy" })
            JsonNode.DeepEquals(explained[figure], solved[figure]).ShouldBeTrue(figure);
        (explained["timeUnit"]!.GetValue<string>(), explained["placement"]!.GetValue<string>()).ShouldBe(("ms", "linear"));
        var makespan = explained["makespan"]!.GetValue<decimal>();
        foreach (var device in explained["devices"]!.AsArray())
        {
            device!["memoryLimit"]!.GetValue<decimal>().ShouldBe(3);
            var busy = device["busy"]!.GetValue<decimal>();
            busy.ShouldBe(4 * 3.25m);
            new[] { "warmUp", "steady", "coolDown" }.Sum(phase => device["idle"]![phase]!.GetValue<decimal>()).ShouldBe(makespan - busy);
            Sum(device["idle"]!["causes"]!).ShouldBe(makespan - busy);
        }

        var path = explained["criticalPath"]!;
        (Sum(path["time"]!) + path["communication"]!.GetValue<decimal>()).ShouldBe(makespan);
        path["stretches"]!.AsArray().Sum(stretch => stretch!["operations"]!.GetValue<int>()).ShouldBe(path["operations"]!.GetValue<int>());
        path["stretches"]![0]!["first"]!.GetValue<string>().ShouldBe("forward stage 0 microbatch 0");
        explained["whatHelps"]!.AsArray().Count.ShouldBeGreaterThan(1);

        static decimal Sum(JsonNode parts) => parts.AsObject().Sum(part => part.Value!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_choice_of_placements_is_solved_and_explained_by_the_one_that_leads()
    {
        var request = Requests.Solve(microbatches: 5, seconds: 1, devices: 2);
        request["profile"]!["pipeline"]!["placement"] = "best";
        request["profile"]!["pipeline"]!["chunks"] = 1;
        var solved = await _agent.CallAsync("solve", request);
        solved["alternatives"]!.AsArray().Count.ShouldBeGreaterThan(1);
        var explained = await _agent.CallAsync("explain", new JsonObject { ["id"] = solved["id"]!.DeepClone() });
        explained["placement"]!.GetValue<string>().ShouldBe(solved["placement"]!.GetValue<string>());
        explained["makespan"]!.GetValue<decimal>().ShouldBe(solved["makespan"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Streams_come_by_rank_and_no_longer_than_an_agent_reads()
    {
        var id = (await _agent.CallAsync("solve", Requests.Solve(microbatches: 64, seconds: 0.5)))["id"]!;
        var one = await _agent.CallAsync("instructions", new JsonObject { ["id"] = id.DeepClone(), ["format"] = "pytorch", ["rank"] = 1 });
        one["truncated"]!.GetValue<bool>().ShouldBeFalse();
        one["stream"]!.GetValue<string>().ShouldBe((await Service.GetAsync(one["path"]!.GetValue<string>())).Text);
        var all = await _agent.CallAsync("instructions", new JsonObject { ["id"] = id.DeepClone(), ["revision"] = one["revision"]!.DeepClone() });
        var whole = (await Service.GetAsync(all["path"]!.GetValue<string>())).Text;
        (all["truncated"]!.GetValue<bool>(), all["bytes"]!.GetValue<int>()).ShouldBe((true, whole.Length));
        all["stream"]!.GetValue<string>().ShouldBe(whole[..(32 * 1024)]);
    }

    [Theory]
    [InlineData("solve", """{"profile":{"pipeline":{"devices":4,"microbatches":8},"times":{"forward":-1}}}""", "$.profile.times.backwardInput")]
    [InlineData("solve", """{"profile":{"pipeline":{"devices":0,"microbatches":8},"times":{}}}""", "$.profile.pipeline.devices")]
    [InlineData("compare", """{"profil":{}}""", "$.profil")]
    [InlineData("verify", """{"id":7}""", "$.id")]
    public async Task What_is_wrong_is_told_as_the_api_tells_it(string tool, string arguments, string member)
    {
        var told = await _agent.RefusedAsync(tool, JsonNode.Parse(arguments)!);
        told["errors"]!.AsObject().Select(error => error.Key).ShouldContain(member);
        JsonNode.DeepEquals(told, (await Service.PostAsync($"/schedules/{tool}", arguments)).Json).ShouldBeTrue(told.ToJsonString());
    }

    [Theory]
    [InlineData("explain", """{"id":"0000000000000000000000000000000000000000000000000000000000000000"}""", 404, "no schedule of this id")]
    [InlineData("explain", """{"name":"x"}""", 400, "2 members")]
    [InlineData("instructions", """{"id":"0000000000000000000000000000000000000000000000000000000000000000","format":"torch"}""", 400, "pytorch")]
    [InlineData("solve", """{"profile":{},"callback":{"url":"https://x.example/"}}""", 400, "wrong")]
    public async Task What_cannot_be_had_is_told_with_what_to_do(string tool, string arguments, int status, string words)
    {
        var told = await _agent.RefusedAsync(tool, JsonNode.Parse(arguments)!);
        told["status"]!.GetValue<int>().ShouldBe(status);
        told["detail"]!.GetValue<string>().ShouldContain(words);
    }

    [Fact]
    public async Task A_tool_that_is_none_is_answered_with_those_that_are() =>
        (await Should.ThrowAsync<McpException>(() => _agent.CallAsync("guess", new JsonObject()))).Message.ShouldContain("solve, compare");

    private static JsonNode FirstRequest() => JsonNode.Parse(
        """
        {
          "profile": {
            "name": "first request",
            "pipeline": { "devices": 4, "microbatches": 8 },
            "times": { "unit": "ms", "forward": 1, "backwardInput": 1, "backwardWeight": 1 },
            "memory": { "limit": 4, "activation": 1 }
          },
          "options": { "objective": "makespan", "timeLimitSeconds": 10 }
        }
        """)!;

    /// <summary>A service and its agent, for all tests: what one has solved is nothing to the others.</summary>
    public sealed class Planner : SolvingService
    {
        internal Agent Agent { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await Service.ReadyAsync();
            Agent = await Agent.ConnectAsync(Service.Http.BaseAddress!);
        }

        public override async Task DisposeAsync()
        {
            await Agent.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}

using System.Text.Json.Nodes;
using ScheduleSearch.Api.Plans;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Plans;

/// <summary>Plans over HTTP, with real searches.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString);
        await Service.ReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_best_plans_are_searched_and_their_iterations_decide()
    {
        var request = PlanExample.Request();
        request["options"]!["timeLimitSeconds"] = 1.5;
        var answer = await Service.PostAsync("/plans", request);
        answer.Status.ShouldBe(200, answer.Text);
        answer["devices"]!.GetValue<int>().ShouldBe(32);
        answer["searched"]!.GetValue<int>().ShouldBe(3);
        answer["notModelled"]!.AsArray().ShouldNotBeEmpty();
        var rows = answer["plans"]!.AsArray().Select(row => row!.AsObject()).ToList();
        rows.ShouldAllBe(row => Whole(row, "tensorParallel") * Whole(row, "pipelineParallel") * Whole(row, "dataParallel") == 32);
        var searched = rows.Take(3).ToList();
        searched.Select(row => Number(row, "iterationTime")).ShouldBeInOrder();
        foreach (var row in searched)
        {
            Number(row, "iterationTime").ShouldBe(Number(row, "makespan") + Number(row, "dataParallelTime"), tolerance: 1e-6);
            Number(row, "makespan").ShouldBeGreaterThanOrEqualTo(Number(row, "lowerBound") - 1e-6);
            Number(row, "tokensPerSecond").ShouldBe(128 * 8192 / (Number(row, "iterationTime") / 1000), tolerance: 1e-3);
            Number(row, "peakMemory").ShouldBeInRange(1, 80);
            Number(row, "estimatedMemory").ShouldBeInRange(1, 80);
            row["nodes"]!.AsArray().Select(node => node!.GetValue<int>()).Order().ShouldBe([0, 1, 2, 3]);
            var stored = await Service.GetAsync($"/schedules/{row["id"]}");
            stored.Status.ShouldBe(200);
            stored["method"]!.GetValue<string>().ShouldBe(row["method"]!.GetValue<string>());
            stored["devices"]!.AsArray().Count.ShouldBe(Whole(row, "pipelineParallel"));
            // The slowest pipeline's own makespan, which the others do not exceed by more than their messages are unlike.
            Number(stored.Json.AsObject(), "makespan").ShouldBeLessThanOrEqualTo(Number(row, "makespan") + 1e-6);
        }

        rows.Skip(3).ShouldAllBe(row => !row.ContainsKey("id"));
        var others = rows.Skip(3).TakeWhile(row => row["fits"]!.GetValue<bool>()).ToList();
        others.Select(row => Number(row, "formulaTime")).ShouldBeInOrder();
        others.ShouldAllBe(row => Number(row, "formulaTime") >= searched.Max(best => Number(best, "formulaTime")));
        rows.Skip(3 + others.Count).ShouldNotBeEmpty();
        rows.Skip(3 + others.Count).ShouldAllBe(row => !row["fits"]!.GetValue<bool>() && row["reason"]!.GetValue<string>().Length > 0);

        var again = await Service.PostAsync("/plans", request);
        again["plans"]!.AsArray().Take(3).Select(row => row!["id"]!.GetValue<string>())
            .ShouldBe(searched.Select(row => row["id"]!.GetValue<string>()), ignoreOrder: true, "asked again, it goes on from what was found");
    }

    /// <summary>Five layers on two devices: the profile that an estimate makes of them is solved with each split by itself.</summary>
    [Fact]
    public async Task The_split_of_a_searched_plan_is_the_best_of_all_of_them()
    {
        const string Model = """
            { "model": { "hidden": 1024, "layers": 3, "heads": 16, "vocabulary": 60000 }, "sequence": 1024, "device": "A100" }
            """;
        var answer = await Service.PostAsync("/plans", new JsonObject
        {
            ["base"] = JsonNode.Parse(Model),
            ["cluster"] = JsonNode.Parse("""{ "nodes": 1, "devicesPerNode": 2 }"""),
            ["globalBatch"] = 4,
            ["pipelineParallel"] = new JsonArray(2),
            ["options"] = JsonNode.Parse("""{ "timeLimitSeconds": 8 }"""),
        });
        answer.Status.ShouldBe(200, answer.Text);
        var row = answer["plans"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        row["status"]!.GetValue<string>().ShouldBe("optimal", answer.Text);
        var estimate = JsonNode.Parse(Model)!.AsObject();
        estimate["pipeline"] = JsonNode.Parse("""{ "devices": 2, "microbatches": 4 }""");
        var profile = (await Service.PostAsync("/profiles/estimate", estimate))["profile"]!;
        var makespans = new Dictionary<string, double>();
        for (var first = 1; first <= 4; first++)
        {
            profile["pipeline"]!["split"] = new JsonArray(first, 5 - first);
            var alone = await Service.PostAsync("/schedules/solve", new JsonObject { ["profile"] = profile.DeepClone() });
            alone["status"]!.GetValue<string>().ShouldBe("optimal");
            makespans[$"[{first},{5 - first}]"] = Number(alone.Json.AsObject(), "makespan");
        }

        Number(row, "makespan").ShouldBe(makespans.Values.Min(), tolerance: 1e-6);
        makespans[row["split"]!.ToJsonString()].ShouldBe(makespans.Values.Min(), tolerance: 1e-6);
        var leader = await Service.GetAsync($"/schedules/{row["leader"]}");
        Number(leader.Json.AsObject(), "makespan").ShouldBe(Number(row, "makespan"), tolerance: 1e-6);
    }

    [Fact]
    public async Task Other_placements_and_parts_of_sequences_are_planned_too()
    {
        var request = PlanExample.Request();
        request["tensorParallel"] = new JsonArray(8);
        request["contextParallel"] = new JsonArray(1, 2);
        request["pipelineParallel"] = new JsonArray(2);
        request["microbatchSizes"] = new JsonArray(1);
        request["chunks"] = new JsonArray(1, 2);
        request["placements"] = new JsonArray("linear", "v", "bidirectional");
        request["search"] = 8;
        request["options"]!["timeLimitSeconds"] = 4;
        var answer = await Service.PostAsync("/plans", request);
        answer.Status.ShouldBe(200, answer.Text);
        var rows = answer["plans"]!.AsArray().Select(row => row!.AsObject()).ToList();
        rows.Select(row => (Whole(row, "contextParallel"), Whole(row, "chunks"), row["placement"]!.GetValue<string>())).ShouldBe(
            from context in new[] { 1, 2 }
            from one in new[] { (1, "linear"), (2, "v"), (1, "bidirectional"), (2, "bidirectional") }
            select (context, one.Item1, one.Item2), ignoreOrder: true);
        var searched = rows.Where(row => row.ContainsKey("iterationTime")).ToList();
        searched.Count.ShouldBeGreaterThan(3);
        foreach (var row in searched)
        {
            var stored = await Service.GetAsync($"/schedules/{row["id"]}");
            stored["placement"]!.GetValue<string>().ShouldBe(row["placement"]!.GetValue<string>());
            row["split"]!.AsArray().Sum(layers => layers!.GetValue<int>()).ShouldBe(34);
            Number(row, "makespan").ShouldBeGreaterThanOrEqualTo(Number(row, "lowerBound") - 1e-6);
        }
    }

    [Fact]
    public async Task Where_nothing_fits_every_row_says_why()
    {
        var request = PlanExample.Request();
        request["base"]!["device"] = JsonNode.Parse("""{ "preset": "H100", "memory": 1 }""");
        var answer = await Service.PostAsync("/plans", request);
        answer.Status.ShouldBe(200, answer.Text);
        answer["searched"]!.GetValue<int>().ShouldBe(0);
        answer["plans"]!.AsArray().ShouldAllBe(row => row!["reason"]!.GetValue<string>().Length > 0);
    }

    [Theory]
    [InlineData("base", "{}", 400, "$.base.model")]
    [InlineData("cluster", "{ \"nodes\": 4 }", 400, "$.cluster.devicesPerNode")]
    [InlineData("tensorParallel", "[3]", 422, "$.tensorParallel[0]")]
    [InlineData("globalBatch", "\"large\"", 400, "$.globalBatch")]
    [InlineData("options", "{ \"family\": \"1f1b\" }", 400, "$.options.family")]
    [InlineData("options", "{ \"timeLimitSeconds\": 1e6 }", 422, "$.options.timeLimitSeconds")]
    [InlineData("plans", "3", 400, "$.plans")]
    [InlineData("placements", "[\"linear\", \"x\"]", 400, "$.placements[1]")]
    [InlineData("contextParallel", "[3]", 422, "$.contextParallel[0]")]
    [InlineData("split", "[1]", 400, "$.split")]
    [InlineData("options", "{ \"placements\": [\"v\"] }", 400, "$.options.placements")]
    public async Task A_wrong_member_is_named(string member, string json, int status, string path)
    {
        var request = PlanExample.Request();
        request[member] = JsonNode.Parse(json);
        var answer = await Service.PostAsync("/plans", request);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.ShouldContain(path);
    }

    private static double Number(JsonObject row, string member) => row[member]!.GetValue<double>();

    private static int Whole(JsonObject row, string member) => row[member]!.GetValue<int>();
}

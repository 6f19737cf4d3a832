using System.Text.Json.Nodes;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: stored schedules searched again with other times and limits.</summary>
public sealed class ResearchTests(SolvingService served) : IClassFixture<SolvingService>
{
    private const string Times = """{ "forward": 1, "backwardInput": 1, "backwardWeight": 1 }""";

    [Fact]
    public async Task The_answer_is_that_of_the_changed_profile_under_its_own_id()
    {
        var id = await SolvedAsync();
        var again = await AskAsync(id, """{ "profile": { "times": { "forward": [1.5, 1.25, 1.3, 1.2] } }, "options": { "timeLimitSeconds": 2 } }""");
        again.Status.ShouldBe(200, again.Text);
        again["id"]!.ToString().ShouldNotBe(id);
        Forwards(again).ShouldBe([1.5m, 1.25m, 1.3m, 1.2m]);

        var whole = Body(limit: 4);
        whole["profile"]!["times"]!["forward"] = new JsonArray(1.5, 1.25, 1.3, 1.2);
        whole["options"]!["timeLimitSeconds"] = 2;
        var solved = await served.Service.PostAsync("/schedules/solve", whole);
        (solved["id"]!.ToString(), solved["cached"]!.GetValue<bool>()).ShouldBe((again["id"]!.ToString(), true));
        (await served.Service.PostAsync($"/schedules/{id[..12]}/research", whole))["id"]!.ToString().ShouldBe(again["id"]!.ToString(), "a whole profile");

        (await AskAsync(id, ResearchExample.Request().ToJsonString())).Status.ShouldBe(200);
        (await AskAsync(id, """{ "profile": {} }"""))["id"]!.ToString().ShouldBe(id, "nothing changes");
    }

    [Fact]
    public async Task The_first_answer_is_the_stored_order_before_anything_is_searched()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(database.ConnectionString, solver);
        await service.ReadyAsync();
        // No bound in closed form is reached, so that there is something to search.
        var solved = await service.PostAsync("/schedules/solve", Requests.Open());
        solver.OnSearch = StubSolver.UntilStoppedAsync;
        var (quick, searches) = (solver.QuickPasses, solver.Searches);
        var first = await service.PostAsync(
            $"/schedules/{solved["id"]}/research", """{ "profile": { "times": { "communication": 1.6 } } }""", ("Prefer", "respond-async"));
        first.Status.ShouldBe(202, first.Text);
        var makespan = first["makespan"]!.GetValue<decimal>();
        makespan.ShouldBeInRange(solved["makespan"]!.GetValue<decimal>(), 1.2m * solved["makespan"]!.GetValue<decimal>());
        Order(first).ShouldBe(Order(solved));
        first["method"]!.ToString().ShouldBe(solved["method"]!.ToString());

        // The search begins there, and what was given without a search gets its quick pass first, which is poorer here.
        for (var attempt = 0; solver.Searches == searches && attempt < 200; attempt++) await Task.Delay(50);
        solver.QuickPasses.ShouldBe(quick + 1);
        var left = await service.SendAsync(HttpMethod.Delete, $"/schedules/{first["id"]}");
        left["makespan"]!.GetValue<decimal>().ShouldBe(makespan);
    }

    [Fact]
    public async Task Where_memory_is_tighter_the_order_is_brought_within_it()
    {
        var id = await SolvedAsync();
        const string Tight = """{ "profile": { "memory": { "limit": [3, 3, 2, 2] } }, "options": { "timeLimitSeconds": 1 } }""";
        var tight = await AskAsync(id, Tight, ("Prefer", "respond-async"));
        tight.Status.ShouldBeOneOf(200, 202);
        tight["makespan"].ShouldNotBeNull();
        var peaks = tight["peakMemory"]!.AsArray().Select(peak => peak!.GetValue<decimal>()).ToList();
        for (var device = 0; device < 4; device++) peaks[device].ShouldBeLessThanOrEqualTo(device < 2 ? 3 : 2);
        var loose = await AskAsync(id, """{ "profile": { "memory": null }, "options": { "timeLimitSeconds": 1 } }""");
        loose["makespan"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo((await served.Service.GetAsync($"/schedules/{id}"))["makespan"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData("""[]""", 400, "$")]
    [InlineData("""{}""", 400, "$.profile")]
    [InlineData("""{ "profile": 3 }""", 400, "$.profile")]
    [InlineData("""{ "profile": { "times": { "forward": -1 } } }""", 400, "$.profile.times.forward")]
    [InlineData("""{ "profile": { "times": { "forwards": 1 } } }""", 400, "$.profile.times.forwards")]
    [InlineData("""{ "profile": { "name": "a", "name": "b" } }""", 400, "$")]
    [InlineData("""{ "profile": {}, "more": 1 }""", 400, "$.more")]
    [InlineData("""{ "profile": {}, "options": 1 }""", 400, "$.options")]
    [InlineData("""{ "profile": { "memory": { "limit": 0.5 } } }""", 422, "$.profile.memory.limit")]
    [InlineData("""{ "profile": { "recompute": { "kept": 0.5 } } }""", 422, "$.profile.recompute")]
    [InlineData("""{ "profile": {}, "options": { "family": "1f1b" } }""", 422, "$.options.family")]
    [InlineData("""{ "profile": {}, "options": { "workLimit": 10 } }""", 422, "$.options.workLimit")]
    [InlineData("""{ "profile": {}, "options": { "splitBackward": false } }""", 422, "$.options.splitBackward")]
    [InlineData("""{ "profile": { "pipeline": { "devices": 4, "microbatches": 9 }, "times": """ + Times + " } }", 422, "$.profile.pipeline.microbatches")]
    [InlineData("""{ "profile": { "pipeline": { "devices": 4, "chunks": 2, "placement": "v", "microbatches": 7 }, "times": """ + Times + " } }",
        422, "$.profile.pipeline.chunks")]
    [InlineData("""{ "profile": { "pipeline": { "devices": 4, "chunks": 1, "placement": "best", "microbatches": 7 }, "times": """ + Times + " } }",
        422, "$.profile.pipeline.placement")]
    public async Task What_is_wrong_is_named(string body, int status, string path)
    {
        var answer = await AskAsync(await SolvedAsync(), body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.ShouldContain(path);
    }

    [Fact]
    public async Task What_is_not_stored_is_not_found() =>
        (await AskAsync(new string('0', 64), """{ "profile": {} }""")).Status.ShouldBe(404);

    private Task<Answer> AskAsync(string id, string body, params (string Name, string Value)[] headers) =>
        served.Service.PostAsync($"/schedules/{id}/research", body, headers);

    private async Task<string> SolvedAsync() => (await served.Service.PostAsync("/schedules/solve", Body(limit: 4)))["id"]!.ToString();

    private static JsonObject Body(decimal limit) => Requests.Solve(microbatches: 7, seconds: 3, limit: limit);

    private static IEnumerable<decimal> Forwards(Answer answer) => Enumerable.Range(0, 4).Select(device =>
        answer["devices"]![device]!.AsArray().Where(operation => operation!["op"]!.ToString() == "forward")
            .Select(operation => operation!["end"]!.GetValue<decimal>() - operation["start"]!.GetValue<decimal>()).Distinct().Single());

    private static List<string> Order(Answer answer) => [.. answer["devices"]!.AsArray().SelectMany(device => device!.AsArray())
        .Select(operation => $"{operation!["op"]} {operation["stage"]} {operation["microbatch"]}")];
}

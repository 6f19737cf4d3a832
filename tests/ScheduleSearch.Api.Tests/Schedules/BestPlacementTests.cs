using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: a placement that is left open.</summary>
public sealed class BestPlacementTests : SolvingService
{
    [Fact]
    public async Task The_least_of_the_alternatives_is_answered_and_its_schedule_leaves_in_every_form()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(seconds: 3));
        answer.Status.ShouldBe(200, answer.Text);
        answer["cached"]!.GetValue<bool>().ShouldBeFalse();
        var alternatives = answer["alternatives"]!.AsArray();
        alternatives.Select(alternative => $"{alternative!["placement"]} {alternative["chunks"]}")
            .ShouldBe(["linear 1", "bidirectional 1", "interleaved 2", "v 2", "bidirectional 2"]);
        alternatives.Where(alternative => alternative!["makespan"] is not null).Min(alternative => alternative!["makespan"]!.GetValue<decimal>())
            .ShouldBe(Number(answer, "makespan"));
        alternatives.Min(alternative => alternative!["lowerBound"]!.GetValue<decimal>()).ShouldBe(Number(answer, "lowerBound"));
        Number(answer, "gap").ShouldBe((Number(answer, "makespan") - Number(answer, "lowerBound")) / Number(answer, "makespan"), 0.000001m);
        (answer["status"]!.GetValue<string>() == "optimal").ShouldBe(Number(answer, "gap") == 0);
        var leader = alternatives.First(alternative => alternative!["makespan"]?.GetValue<decimal>() == Number(answer, "makespan"))!;
        (answer["placement"]!.GetValue<string>(), answer["chunks"]!.GetValue<int>())
            .ShouldBe((leader["placement"]!.GetValue<string>(), leader["chunks"]!.GetValue<int>()));
        answer["leader"]!.GetValue<string>().ShouldBe(leader["id"]!.GetValue<string>());

        var own = await Service.GetAsync($"/schedules/{leader["id"]}");
        own["devices"]!.ToJsonString().ShouldBe(answer["devices"]!.ToJsonString());
        own["alternatives"].ShouldBeNull();
        var seen = await Service.GetAsync($"/schedules/{answer["id"]}");
        seen["alternatives"]!.ToJsonString().ShouldBe(answer["alternatives"]!.ToJsonString());
        (await Service.GetAsync($"/schedules/{answer["id"]}", ("If-None-Match", seen.Response.Headers.ETag!.ToString()))).Status.ShouldBe(304);
        foreach (var path in new[] { "instructions?format=native", "timeline.svg", "trace.json", "runtime" })
        {
            var form = await Service.GetAsync($"/schedules/{answer["id"]}/{path}");
            form.Status.ShouldBe(200, path);
            Schedule(form.Text).ShouldBe(Schedule((await Service.GetAsync($"/schedules/{leader["id"]}/{path}")).Text));
        }

        // What is proved of all placements stands in the head of a picture, and is less.
        static string Schedule(string text) => text.StartsWith("<svg", StringComparison.Ordinal) ? text[text.IndexOf("<g ", StringComparison.Ordinal)..] : text;
    }

    [Fact]
    public async Task What_was_chosen_once_is_answered_again_and_an_alternative_is_the_problem_of_its_name()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(seconds: 2));
        var again = await Service.PostAsync("/schedules/solve", Body(seconds: 1.5, name: "other"));
        again["cached"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var member in new[] { "id", "makespan", "status" }) again[member]!.ToJsonString().ShouldBe(answer[member]!.ToJsonString());

        var named = Body(seconds: 0.001);
        named["profile"]!["pipeline"]!["placement"] = "v";
        var v = await Service.PostAsync("/schedules/solve", named);
        var alternative = answer["alternatives"]!.AsArray().Single(alternative => alternative!["placement"]!.GetValue<string>() == "v")!;
        alternative["id"]!.GetValue<string>().ShouldBe(v["id"]!.GetValue<string>());
        v["cached"]!.GetValue<bool>().ShouldBe(alternative["makespan"] is not null, "what the choice tried is there");
        (await Service.GetAsync("/schedules?placement=best"))["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Alternatives_are_compared_and_are_no_schedules_of_the_list_until_somebody_asks_for_one()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(seconds: 1.5));
        var least = Number(answer, "makespan");
        foreach (var alternative in answer["alternatives"]!.AsArray().Select(alternative => alternative!))
        {
            var bound = alternative["lowerBound"]!.GetValue<decimal>();
            var makespan = alternative["makespan"]?.GetValue<decimal>();
            alternative["stopped"]!.ToString().ShouldBe(makespan <= bound ? "optimal" : bound >= least ? "ruled out by its bound" : "time");
            if (makespan is not { } reached) continue;
            alternative["gap"]!.GetValue<decimal>().ShouldBe((reached - bound) / reached, 0.000001m);
            alternative["meanIdle"]!.GetValue<decimal>().ShouldBeInRange(0, 1);
            alternative["method"]!.ToString().ShouldNotBeEmpty();
        }

        var listed = await Service.GetAsync("/schedules");
        (listed["total"]!.GetValue<int>(), listed["items"]![0]!["id"]!.ToString()).ShouldBe((1, answer["id"]!.ToString()));
        var named = Body(seconds: 0.001);
        named["profile"]!["pipeline"]!["placement"] = "v";
        var v = await Service.PostAsync("/schedules/solve", named);
        listed = await Service.GetAsync("/schedules");
        listed["items"]!.AsArray().Select(item => item!["id"]!.ToString()).ShouldBe([answer["id"]!.ToString(), v["id"]!.ToString()], ignoreOrder: true);
    }

    [Fact]
    public async Task Only_what_the_callers_runtime_carries_is_chosen()
    {
        var body = Body(seconds: 1);
        body["options"]!["formats"] = new JsonArray("pytorch");
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["alternatives"]!.AsArray().Where(alternative => alternative!["id"] is null).Select(alternative => alternative!["placement"]!.ToString())
            .ShouldBe(["bidirectional", "bidirectional"]);
        answer["alternatives"]!.AsArray().Where(alternative => alternative!["id"] is null)
            .ShouldAllBe(alternative => alternative!["reason"]!.ToString().Contains("torch.distributed.pipelining"));
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=pytorch")).Status.ShouldBe(200);

        var request = (await Service.GetAsync($"/schedules/{answer["id"]}/request")).Json;
        request["options"]!["formats"]!.ToJsonString().ShouldBe("""["pytorch"]""");
        request["options"]!["timeLimitSeconds"] = 0.5;
        var again = await Service.PostAsync("/schedules/solve", request);
        (again["id"]!.ToString(), again["cached"]!.GetValue<bool>()).ShouldBe((answer["id"]!.ToString(), true));

        body["options"]!["placements"] = new JsonArray("linear", "bidirectional");
        var linear = await Service.PostAsync("/schedules/solve", body);
        linear["placement"]!.ToString().ShouldBe("linear");
        linear["id"]!.ToString().ShouldNotBe(answer["id"]!.ToString());
    }

    [Theory]
    [InlineData("best", """{ "formats": ["pytorhc"] }""", 400, "$.options.formats[0]", "Did you mean pytorch?")]
    [InlineData("best", """{ "formats": "pytorch" }""", 400, "$.options.formats", "array")]
    [InlineData("best", """{ "formats": [] }""", 400, "$.options.formats", "leave it out")]
    [InlineData("best", """{ "placements": [1] }""", 400, "$.options.placements[0]", "string")]
    [InlineData("best", """{ "placements": ["explicit"] }""", 422, "$.options.placements", "2 chunks allow: linear, bidirectional, interleaved, v")]
    [InlineData("best", """{ "placements": ["bidirectional"], "formats": ["pytorch"] }""", 422, "$.options.formats", "With bidirectional, 1 chunk")]
    [InlineData("bidirectional", """{ "formats": ["pytorch"] }""", 422, "$.options.formats", "torch.distributed.pipelining")]
    [InlineData("v", """{ "placements": ["linear"] }""", 422, "$.options.placements", "Leaves out v")]
    public async Task What_cannot_be_chosen_is_named(string placement, string options, int status, string member, string words)
    {
        var body = Body(seconds: 1);
        body["profile"]!["pipeline"]!["placement"] = placement;
        body["options"] = JsonNode.Parse(options);
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.Distinct().ShouldBe([member]);
        answer["errors"]![member]![0]!.ToString().ShouldContain(words);
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_where_to_look_and_may_stop_it()
    {
        var accepted = await Service.PostAsync("/schedules/solve", Body(seconds: 60, microbatches: 24), ("Prefer", "respond-async"));
        accepted.Status.ShouldBe(202);
        accepted.Response.Headers.Location!.ToString().ShouldBe($"/schedules/{accepted["id"]}");
        var begun = await Service.WaitWhileAsync(accepted["id"]!.GetValue<string>(), "queued");
        begun["status"]!.GetValue<string>().ShouldBeOneOf("running", "feasible", "optimal");
        var stopped = await Service.SendAsync(HttpMethod.Delete, $"/schedules/{accepted["id"]}");
        stopped["status"]!.GetValue<string>().ShouldBeOneOf("feasible", "optimal", "canceled");
        foreach (var alternative in stopped["alternatives"]?.AsArray() ?? [])
            alternative!["stopped"]!.ToString().ShouldBeOneOf("stopped", "optimal", "ruled out by its bound");
        (await Service.GetAsync("/schedules?status=running"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_placement_without_room_is_listed_with_its_reason_and_none_with_room_is_422()
    {
        var body = Body(seconds: 1);
        body["profile"]!["memory"] = new JsonObject { ["limit"] = 6, ["activation"] = new JsonArray(1, 1, 1, 4, 1, 1, 1, 4) };
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var interleaved = answer["alternatives"]!.AsArray().Single(alternative => alternative!["placement"]!.GetValue<string>() == "interleaved")!;
        interleaved["reason"]!.GetValue<string>().ShouldContain("8");
        interleaved["id"].ShouldBeNull();

        body["profile"]!["memory"]!["limit"] = 3;
        var refused = await Service.PostAsync("/schedules/solve", body);
        refused.Status.ShouldBe(422, refused.Text);
        refused.Members.ShouldBe(["$.profile.memory.limit"]);
        refused.Text.ShouldContain("With v, 2 chunks");
    }

    [Fact]
    public async Task Times_of_pairs_say_nothing_of_merged_stages_but_one_gain_does()
    {
        var body = Body(seconds: 1);
        body["profile"]!["times"] = JsonNode.Parse("""{"forward":1,"backwardInput":1,"backwardWeight":1}""");
        body["profile"]!["overlap"] = new JsonObject { ["duration"] = 2.5 };
        var alternatives = (await Service.PostAsync("/schedules/solve", body))["alternatives"]!.AsArray();
        alternatives.Where(alternative => alternative!["chunks"]!.GetValue<int>() == 1).ShouldAllBe(alternative => alternative!["reason"] != null);
        alternatives.Where(alternative => alternative!["chunks"]!.GetValue<int>() == 2).ShouldAllBe(alternative => alternative!["id"] != null);

        body["profile"]!["overlap"] = new JsonObject { ["gain"] = 0.5 };
        (await Service.PostAsync("/schedules/solve", body))["alternatives"]!.AsArray().ShouldAllBe(alternative => alternative!["id"] != null);
    }

    [Theory]
    [InlineData("compare")]
    [InlineData("verify")]
    public async Task Only_solve_chooses(string call)
    {
        var body = Body(seconds: 1);
        if (call == "verify") body["devices"] = new JsonArray();
        var answer = await Service.PostAsync($"/schedules/{call}", body);
        answer.Status.ShouldBe(400);
        answer.Members.ShouldBe(["$.profile.pipeline.placement"]);
    }

    [Fact]
    public async Task A_family_has_a_placement_of_its_own()
    {
        var body = Body(seconds: 1);
        body["options"]!["family"] = "zb-v";
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(422);
        answer["errors"]!["$.options.family"]![0]!.GetValue<string>().ShouldContain("set placement to v");
        body["options"]!["family"] = "zb-w";
        (await Service.PostAsync("/schedules/solve", body)).Status.ShouldBe(400);
    }

    private static decimal Number(Answer answer, string member) => answer[member]!.GetValue<decimal>();

    private static JsonObject Body(double seconds, int microbatches = 8, string name = "open")
    {
        var body = Requests.Solve(microbatches, seconds);
        var profile = body["profile"]!;
        profile["name"] = name;
        profile["pipeline"]!["chunks"] = 2;
        profile["pipeline"]!["placement"] = "best";
        profile["times"] = JsonNode.Parse("""{"forward":[2,1,1,1,1,1,1,3],"backwardInput":[2,1,1,1,1,1,1,3],"backwardWeight":1,"communication":0.25}""");
        return body;
    }
}

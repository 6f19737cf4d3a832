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
    public async Task Who_does_not_wait_is_told_where_to_look_and_may_stop_it()
    {
        var accepted = await Service.PostAsync("/schedules/solve", Body(seconds: 60, microbatches: 24), ("Prefer", "respond-async"));
        accepted.Status.ShouldBe(202);
        accepted.Response.Headers.Location!.ToString().ShouldBe($"/schedules/{accepted["id"]}");
        var begun = await Service.WaitWhileAsync(accepted["id"]!.GetValue<string>(), "queued");
        begun["status"]!.GetValue<string>().ShouldBeOneOf("running", "feasible", "optimal");
        var stopped = await Service.SendAsync(HttpMethod.Delete, $"/schedules/{accepted["id"]}");
        stopped["status"]!.GetValue<string>().ShouldBeOneOf("feasible", "optimal", "canceled");
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

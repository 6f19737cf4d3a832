using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>What a wrong or an odd request is told.</summary>
public sealed class HintTests(ScheduleAccessTests.Stored stored) : IClassFixture<ScheduleAccessTests.Stored>
{
    [Theory]
    [InlineData("pipeline.placement", "\"linaer\"", "$.profile.pipeline.placement", "Did you mean linear?")]
    [InlineData("pipeline.microbatch", "4", "$.profile.pipeline.microbatch", "Did you mean microbatches?")]
    [InlineData("pipeline.placements", "4", "$.profile.pipeline.placements", "Did you mean placement?")]
    [InlineData("times.unit", "\"sec\"", "$.profile.times.unit", "Write s for seconds.")]
    [InlineData("times.unit", "\"mss\"", "$.profile.times.unit", "Did you mean ms?")]
    [InlineData("memory.unit", "\"GB\"", "$.profile.memory.unit", "powers of two: write GiB")]
    [InlineData("memory.limits", "4", "$.profile.memory.limits", "Did you mean limit?")]
    public async Task A_misspelling_is_told_what_it_may_mean(string member, string value, string path, string hint)
    {
        var body = Requests.Solve();
        body["profile"]!["memory"] = new JsonObject();
        var (section, name) = (member.Split('.')[0], member.Split('.')[1]);
        body["profile"]![section]![name] = JsonNode.Parse(value);
        // Only what is not there is meant.
        if (name == "microbatch") body["profile"]![section]!.AsObject().Remove("microbatches");
        var answer = await stored.Api.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(400);
        answer["errors"]![path]![0]!.GetValue<string>().ShouldContain(hint);
    }

    [Fact]
    public async Task Families_and_parameters_are_meant_too()
    {
        var body = Requests.Solve();
        body["options"]!["family"] = "1f1f";
        (await stored.Api.PostAsync("/schedules/solve", body))["detail"]!.GetValue<string>().ShouldEndWith("Did you mean 1f1b?");
        var unknown = await stored.Api.GetAsync("/schedules?pagesze=4&nam=x");
        unknown.Members.ShouldBe(["pagesze", "nam"], ignoreOrder: true);
        unknown["detail"]!.GetValue<string>().ShouldContain("Did you mean pageSize?");
        unknown["detail"]!.GetValue<string>().ShouldContain("Did you mean name?");
        (await stored.Api.GetAsync("/schedules?status=optimum"))["detail"]!.GetValue<string>().ShouldEndWith("Did you mean optimal?");
    }

    [Fact]
    public async Task A_profile_alone_is_told_where_it_goes()
    {
        var answer = await stored.Api.PostAsync("/schedules/solve", Requests.Solve()["profile"]!);
        answer.Status.ShouldBe(400);
        answer.Members.ShouldBe(["$.profile"]);
        answer["detail"]!.GetValue<string>().ShouldContain("put it under profile");
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_in_words_and_quotes_are_quotes()
    {
        var body = Requests.Solve();
        (body["profile"]!["times"]!["unit"], body["options"]!["seed"]) = ("min", "<7>");
        var answer = await stored.Api.PostAsync("/schedules/solve", body);
        var detail = answer["detail"]!.GetValue<string>();
        foreach (var member in answer.Members) detail.ShouldContain($"{member}: {answer["errors"]![member]![0]}");
        answer.Members.Count().ShouldBe(2);
        answer.Text.ShouldContain("""must be one of \"us\", \"ms\", \"s\".""");
        answer.Text.ShouldNotContain("u0022");
        answer.Response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Fact]
    public async Task Numbers_that_look_like_another_unit_are_solved_with_a_warning()
    {
        var body = Requests.Solve(microbatches: 2, seconds: 60, devices: 2);
        (await stored.Api.PostAsync("/schedules/solve", body))["warnings"].ShouldBeNull();
        foreach (var time in new[] { "forward", "backwardInput", "backwardWeight" }) body["profile"]!["times"]![time] = 0.018;
        body["profile"]!["memory"] = new JsonObject { ["limit"] = 85_899_345_920, ["activation"] = 1_073_741_824 };
        foreach (var path in new[] { "/schedules/solve", "/schedules/compare" })
        {
            var answer = await stored.Api.PostAsync(path, body);
            answer.Status.ShouldBe(200, answer.Text);
            answer["warnings"]!.AsObject().Select(warning => warning.Key)
                .ShouldBe(["$.profile.times.unit", "$.profile.memory.limit", "$.profile.memory.activation"]);
        }
    }

    [Fact]
    public async Task Two_pipes_say_that_their_sums_are_not_counted()
    {
        var body = Requests.Solve(microbatches: 4, seconds: 60, devices: 2);
        (body["profile"]!["pipeline"]!["placement"], body["profile"]!["pipeline"]!["chunks"]) = ("best", 1);
        body["profile"]!["times"]!["communication"] = 25;
        var answer = await stored.Api.PostAsync("/schedules/solve", body);
        var alternatives = answer["alternatives"]!.AsArray().ToDictionary(each => each!["placement"]!.GetValue<string>(), each => each!["leftOut"]);
        alternatives["linear"].ShouldBeNull();
        alternatives["bidirectional"]![0]!.GetValue<string>().ShouldEndWith("between ranks 0 and 1, 25 ms one way.");
        var bidirectional = await stored.Api.GetAsync($"/schedules/{answer["alternatives"]!.AsArray().Single(each => each!["leftOut"] is not null)!["id"]}");
        bidirectional["leftOut"]!.ToJsonString().ShouldBe(alternatives["bidirectional"]!.ToJsonString());
    }

    [Fact]
    public async Task A_runtime_is_told_what_it_trips_over()
    {
        var runtime = await stored.Api.GetAsync($"/schedules/{stored.Id}/runtime?format=pytorch");
        var notes = runtime["notes"]!.AsArray().Select(note => note!.GetValue<string>()).ToList();
        notes[0].ShouldStartWith("Stage 3 receives no gradient: its backward begins with the loss, so rank 3 is given loss_fn.");
        notes[1].ShouldContain("torch.compile");
        notes[1].ShouldContain("use_reentrant=False");
        (await stored.Api.GetAsync($"/schedules/{stored.Id}/runtime?format=native"))["notes"].ShouldBeNull();
    }
}

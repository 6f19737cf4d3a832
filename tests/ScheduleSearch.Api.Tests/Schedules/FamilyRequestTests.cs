using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: families asked for by name.</summary>
public sealed class FamilyRequestTests : SolvingService
{
    [Fact]
    public async Task A_family_is_answered_as_it_is_with_its_gap_and_without_a_search()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body("gpipe"));
        answer.Status.ShouldBe(200, answer.Text);
        answer["method"]!.GetValue<string>().ShouldBe("gpipe");
        answer["status"]!.GetValue<string>().ShouldBe("feasible");
        answer["cached"]!.GetValue<bool>().ShouldBeFalse();
        answer["gap"]!.GetValue<double>().ShouldBeGreaterThan(0.1);
        answer["solveSeconds"]!.GetValue<double>().ShouldBeLessThan(2, "five seconds were offered");

        var again = await Service.PostAsync("/schedules/solve", Body("gpipe", seconds: 9));
        again["cached"]!.GetValue<bool>().ShouldBeTrue();
        again["id"]!.GetValue<string>().ShouldBe(answer["id"]!.GetValue<string>());
        var id = answer["id"]!.GetValue<string>();
        (await Service.GetAsync($"/schedules/{id}/instructions?format=native"))["id"]!.GetValue<string>().ShouldBe(id);
        (await Service.GetAsync($"/schedules/{id}/runtime?format=pytorch"))["id"]!.GetValue<string>().ShouldBe(id);

        var searched = await Service.PostAsync("/schedules/solve", Body(family: null));
        searched["id"]!.GetValue<string>().ShouldNotBe(answer["id"]!.GetValue<string>());
        searched["makespan"]!.GetValue<decimal>().ShouldBeLessThan(answer["makespan"]!.GetValue<decimal>());
        searched["lowerBound"]!.GetValue<decimal>().ShouldBeGreaterThanOrEqualTo(answer["lowerBound"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_family_of_another_placement_or_that_splits_where_that_is_ruled_out_is_422()
    {
        (await RefusalAsync(Body("zb-v"), 422)).ShouldContain("placement v");
        var whole = Body("zb-h1");
        whole["options"]!["splitBackward"] = false;
        (await RefusalAsync(whole, 422)).ShouldContain("splitBackward");
    }

    [Theory]
    [InlineData("1f1b", """{"devices":4,"microbatches":8}""")]
    [InlineData("chimera", """{"devices":4,"placement":"bidirectional","microbatches":8}""")]
    [InlineData("dualpipe", """{"devices":4,"placement":"bidirectional","microbatches":8}""")]
    [InlineData("gis-6", """{"devices":8,"chunks":2,"placement":"interleaved","microbatches":24}""")]
    public async Task A_family_of_any_placement_is_answered_and_verify_takes_it_back(string family, string pipeline)
    {
        var body = Body(family);
        body["profile"]!["pipeline"] = JsonNode.Parse(pipeline);
        if (family == "dualpipe") body["profile"]!["overlap"] = new JsonObject { ["duration"] = 2.5 };
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["method"]!.GetValue<string>().ShouldBe(family);
        answer["devices"]!.ToJsonString().Contains("overlapped", StringComparison.Ordinal).ShouldBe(family == "dualpipe");
        await VerifyAsync(body, answer);
    }

    [Fact]
    public async Task A_family_of_slices_is_answered_and_verify_takes_it_back()
    {
        var body = Body("seq1f1b");
        body["profile"]!["slices"] = JsonNode.Parse("""{"count":2,"forward":[0.4,0.6]}""");
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["devices"]!.ToJsonString().ShouldContain("\"slice\":1");
        await VerifyAsync(body, answer);
    }

    [Theory]
    [InlineData("dualpipe", """{"devices":3,"placement":"bidirectional","microbatches":12}""", "even")]
    [InlineData("gis-3", """{"devices":8,"chunks":2,"placement":"interleaved","microbatches":16}""", "")]
    [InlineData("interleaved-1f1b-6", """{"devices":8,"chunks":2,"placement":"interleaved","microbatches":12}""", "")]
    [InlineData("zb-h2", """{"devices":8,"microbatches":2}""", "microbatches")]
    public async Task A_broken_condition_is_422_and_says_what_to_change(string family, string pipeline, string change)
    {
        var body = Body(family);
        body["profile"]!["pipeline"] = JsonNode.Parse(pipeline);
        (await RefusalAsync(body, 422)).ShouldContain(change);
    }

    [Fact]
    public async Task Families_say_what_may_stand_behind_their_name()
    {
        var families = (await Service.GetAsync("/families")).Json.AsArray().ToDictionary(family => family!["name"]!.GetValue<string>(), family => family!);
        families["gis"]["parameter"]!["name"]!.GetValue<string>().ShouldNotBeEmpty();
        families["gis"]["parameter"]!["description"]!.GetValue<string>().ShouldNotBeEmpty();
        families["1f1b"]["parameter"].ShouldBeNull();
    }

    [Fact]
    public async Task A_run_without_a_flush_is_an_analysis_that_changes_the_training_result()
    {
        var body = Body(family: null);
        body["profile"]!["memory"] = JsonNode.Parse("""{"activation":1,"weights":3}""");
        body["profile"]!["times"]!["communication"] = 0.15;
        var analyses = (await Service.PostAsync("/schedules/compare", body))["analyses"]!.AsArray();
        var pipeDream = analyses.ShouldHaveSingleItem()!;
        pipeDream["weightVersions"]!.AsArray().Select(versions => versions!.GetValue<int>()).ShouldBe([4, 3, 2, 1]);
        pipeDream["delay"]!.AsArray().Select(delay => delay!.GetValue<int>()).ShouldBe([3, 2, 1, 0]);
        pipeDream["microbatchTime"]!.GetValue<decimal>().ShouldBe(3.475m, "13 of work and 0.9 of latency for 4 microbatches in flight, between two ticks");
        pipeDream["name"]!.GetValue<string>().ShouldBe("pipedream");
        pipeDream["changesTrainingResult"]!.GetValue<bool>().ShouldBeTrue();
        pipeDream["description"]!.GetValue<string>().ShouldContain("changes the training result");
        pipeDream["iterationTime"]!.GetValue<decimal>().ShouldBe(8 * 3.475m);
        pipeDream["peakMemory"]!.ToJsonString().ShouldBe("[4,3,2,1]");
        pipeDream["weightMemory"]!.ToJsonString().ShouldBe("[12,9,6,3]");

        body["profile"]!["pipeline"]!["placement"] = "bidirectional";
        (await Service.PostAsync("/schedules/compare", body))["analyses"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_family_is_400_and_the_names_are_listed() => (await RefusalAsync(Body("1f2b"), 400)).ShouldContain("1f1b, ");

    [Fact]
    public async Task A_family_that_does_not_fit_is_422_and_says_which_device_needs_how_much()
    {
        var tight = Body("gpipe");
        tight["profile"]!["memory"] = new JsonObject { ["limit"] = new JsonArray(9, 9, 4, 9), ["activation"] = 1 };
        var reason = await RefusalAsync(tight, 422);
        reason.ShouldContain("device 2 needs 8");
        reason.ShouldContain("room for 4");
        (await Service.GetAsync("/schedules"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Compare_and_verify_take_a_family_for_nothing()
    {
        var compared = await Service.PostAsync("/schedules/compare", Body("gpipe"));
        compared.Status.ShouldBe(200, compared.Text);
        var rows = compared["rows"]!.AsArray();
        rows.ShouldAllBe(row => !row!["changesTrainingResult"]!.GetValue<bool>());
        rows.Count(row => row!["kind"]!.GetValue<string>() == "family").ShouldBeGreaterThan(3);
        rows.Single(row => row!["kind"]!.GetValue<string>() == "search")!["name"]!.GetValue<string>().ShouldNotBe("gpipe");
        compared["analyses"]!.AsArray().ShouldAllBe(analysis => analysis!["changesTrainingResult"]!.GetValue<bool>());
        (await Service.PostAsync("/schedules/solve", Body(family: null)))["id"]!.GetValue<string>().ShouldBe(compared["id"]!.GetValue<string>());
    }

    private async Task VerifyAsync(JsonObject solved, Answer answer)
    {
        var body = solved.DeepClone();
        body["devices"] = answer["devices"]!.DeepClone();
        var verified = await Service.PostAsync("/schedules/verify", body);
        verified.Status.ShouldBe(200, verified.Text);
        verified["valid"]!.GetValue<bool>().ShouldBeTrue(verified.Text);
        verified["makespan"]!.GetValue<decimal>().ShouldBe(answer["makespan"]!.GetValue<decimal>());
    }

    private async Task<string> RefusalAsync(JsonObject body, int status)
    {
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.ShouldBe(["$.options.family"]);
        return answer["errors"]!["$.options.family"]![0]!.GetValue<string>();
    }

    private static JsonObject Body(string? family, double seconds = 5)
    {
        var body = Requests.Solve(microbatches: 8, seconds: seconds);
        if (family is not null) body["options"]!["family"] = family;
        return body;
    }
}

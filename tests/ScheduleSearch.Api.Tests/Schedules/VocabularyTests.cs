using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>An output layer whose standing is left open, closed, or asked for where it cannot be.</summary>
public sealed class VocabularyTests : SolvingService
{
    [Fact]
    public async Task Each_way_to_close_it_is_an_alternative_and_the_best_is_answered()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body("search"));
        answer.Status.ShouldBe(200, answer.Text);
        var alternatives = answer["alternatives"]!.AsArray();
        alternatives.Select(alternative => WordOf(alternative!)).ShouldBe(["none", "one-barrier", "two-barriers"]);
        alternatives.ShouldAllBe(alternative => alternative!["placement"]!.GetValue<string>() == "linear");
        var leader = alternatives.Where(alternative => alternative!["makespan"] is not null)
            .MinBy(alternative => alternative!["makespan"]!.GetValue<decimal>())!;
        WordOf(leader).ShouldBe("one-barrier");
        WordOf(answer.Json).ShouldBe("one-barrier");
        answer["leader"]!.GetValue<string>().ShouldBe(leader["id"]!.GetValue<string>());
        answer["makespan"]!.GetValue<decimal>().ShouldBe(leader["makespan"]!.GetValue<decimal>());

        var closed = await Service.PostAsync("/schedules/solve", Body("one-barrier"));
        closed["id"]!.GetValue<string>().ShouldBe(leader["id"]!.GetValue<string>());
        closed["with"].ShouldBeNull();
        closed["leader"].ShouldBeNull();
        var kinds = closed["devices"]!.AsArray().SelectMany(device => device!.AsArray()).Select(operation => operation!["op"]!.GetValue<string>());
        kinds.Distinct().ShouldContain("vocabularyBackward");
        (await Service.PostAsync("/schedules/verify", Verified(closed.Json)))["valid"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_whole_output_layer_is_answered_with_what_it_would_gain_in_shards()
    {
        var whole = await Service.PostAsync("/schedules/solve", Body("none"));
        whole.Status.ShouldBe(200, whole.Text);
        var sharded = whole["vocabulary"]!;
        sharded["parallel"]!.GetValue<string>().ShouldBe("one-barrier");
        var (value, own) = (sharded["makespan"]!.GetValue<decimal>(), whole["makespan"]!.GetValue<decimal>());
        value.ShouldBeLessThan(own);
        sharded["gain"]!.GetValue<double>().ShouldBe((double)((own - value) / own), tolerance: 1e-9);

        var asked = Body("one-barrier");
        asked["options"]!["family"] = sharded["method"]!.GetValue<string>();
        (await Service.PostAsync("/schedules/solve", asked))["makespan"]!.GetValue<decimal>().ShouldBe(value);
        var searched = await Service.PostAsync("/schedules/solve", Body("one-barrier"));
        searched["id"]!.GetValue<string>().ShouldBe(sharded["id"]!.GetValue<string>());
        searched["makespan"]!.GetValue<decimal>().ShouldBeInRange(sharded["lowerBound"]!.GetValue<decimal>(), value);
        searched["vocabulary"].ShouldBeNull();
        (await Service.PostAsync("/schedules/solve", Body("search")))["vocabulary"].ShouldBeNull();
    }

    [Theory]
    [InlineData("native", 200)]
    [InlineData("chrome-trace", 200)]
    [InlineData("svg", 200)]
    [InlineData("csv", 200)]
    [InlineData("pytorch", 422)]
    [InlineData("megatron-zb", 422)]
    [InlineData("deepspeed", 422)]
    public async Task A_format_that_cannot_tell_of_the_passes_says_what_to_set(string format, int status)
    {
        var stream = await Service.PostAsync($"/schedules/solve?format={format}", Body("two-barriers"));
        stream.Status.ShouldBe(status, stream.Text);
        if (status == 422) stream.Text.ShouldContain("$.profile.vocabulary.parallel");
        else stream.Text.ShouldContain(format == "svg" ? "vocabularyForward" : "ocabulary");
    }

    [Fact]
    public async Task What_only_solve_can_leave_open_is_named()
    {
        var refused = await Service.PostAsync("/schedules/compare", Body("search"));
        refused.Status.ShouldBe(400, refused.Text);
        refused["errors"]!["$.profile.vocabulary.parallel"]![0]!.GetValue<string>()
            .ShouldBe("Has the ways tried, which only solve does: use one of none, one-barrier, two-barriers.");
        var family = Body("search");
        family["options"]!["family"] = "vocab-1f1b";
        (await Service.PostAsync("/schedules/solve", family)).Text.ShouldContain("so that there is nothing to choose: set vocabulary.parallel.");
        family["profile"]!["vocabulary"]!["parallel"] = "one-barrier";
        (await Service.PostAsync("/schedules/solve", family))["method"]!.GetValue<string>().ShouldBe("vocab-1f1b");
    }

    private static JsonObject Body(string parallel)
    {
        var body = Requests.Solve(microbatches: 6, seconds: 2, devices: 3);
        body["profile"]!["vocabulary"] = JsonNode.Parse($$"""{ "size": 1000, "parallel": "{{parallel}}", "forward": 0.5, "backward": 0.5 }""");
        return body;
    }

    private static JsonObject Verified(JsonNode answer)
    {
        var body = Body("one-barrier");
        body["devices"] = answer["devices"]!.DeepClone();
        return body;
    }

    private static string WordOf(JsonNode answer) => answer["with"]!["vocabulary.parallel"]!.GetValue<string>();
}

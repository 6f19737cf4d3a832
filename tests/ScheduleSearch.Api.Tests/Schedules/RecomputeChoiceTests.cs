using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Which stages recompute, left to the search or to be said.</summary>
public sealed class RecomputeChoiceTests : SolvingService
{
    [Fact]
    public async Task Choices_of_stages_are_alternatives_and_the_bound_is_one_of_all_choices()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(Searched));
        answer.Status.ShouldBe(200, answer.Text);
        var rows = answer["alternatives"]!.AsArray().Select(row => row!).ToList();
        rows.Count.ShouldBeInRange(3, 8);
        (ChooseOf(rows[0]), ChooseOf(rows[^1])).ShouldBe(("\"none\"", "\"all\""));
        var leader = rows.Where(row => row["makespan"] is not null).MinBy(Makespan)!;
        answer["leader"]!.GetValue<string>().ShouldBe(leader["id"]!.GetValue<string>());
        Makespan(answer.Json).ShouldBe(Makespan(leader));
        ChooseOf(answer.Json).ShouldBe(ChooseOf(leader));

        var bound = answer["lowerBound"]!.GetValue<decimal>();
        rows.ShouldAllBe(row => row["lowerBound"]!.GetValue<decimal>() >= bound);
        answer["bound"]!.GetValue<string>().ShouldNotBeEmpty();
        answer["gap"]!.GetValue<double>().ShouldBe((double)((Makespan(answer.Json) - bound) / Makespan(answer.Json)), 1e-9);
        foreach (var all in new[] { "none", "all" }) Makespan(leader).ShouldBeLessThanOrEqualTo(await MakespanOfAsync(all));
        Makespan(leader).ShouldBeLessThan(Math.Min(await MakespanOfAsync("none"), await MakespanOfAsync("all")), "some stages recompute");
    }

    [Fact]
    public async Task What_a_row_says_asks_for_that_alternative_alone()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body("""{ "levels": [{ "time": 0.5, "kept": 0.5 }, { "kept": 0.1 }], "choose": "search" }"""));
        answer.Status.ShouldBe(200, answer.Text);
        answer["with"]!.AsObject().Select(member => member.Key).ShouldBe(["recompute"]);
        var pasted = await Service.PostAsync("/schedules/solve", Body(answer["with"]!["recompute"]!.ToJsonString()));
        pasted["id"]!.GetValue<string>().ShouldBe(answer["leader"]!.GetValue<string>());
        pasted["alternatives"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "levels": [{ "kept": 0.1 }], "choose": "all" }""", "levels", "set recompute.choose to search")]
    [InlineData("""{ "levels": [{ "kept": 0.1 }], "kept": 0.2, "choose": "search" }""", "kept", "Does not go with levels")]
    [InlineData("""{ "levels": [{ "kept": 2 }], "choose": "search" }""", "levels[0].kept", "2 is more than the activation")]
    [InlineData("""{ "choose": "search" }""", "kept", "Is missing.")]
    public async Task What_cannot_be_searched_names_the_member_and_the_fix(string recompute, string member, string message)
    {
        var refused = await Service.PostAsync("/schedules/solve", Body(recompute));
        refused.Status.ShouldBe(400, refused.Text);
        refused["errors"]![$"$.profile.recompute.{member}"]![0]!.GetValue<string>().ShouldContain(message);
    }

    [Fact]
    public async Task What_only_solve_can_leave_open_is_named()
    {
        var refused = await Service.PostAsync("/schedules/compare", Body(Searched));
        refused["errors"]!["$.profile.recompute.choose"]![0]!.GetValue<string>()
            .ShouldBe("Has the ways tried, which only solve does: use all, none or a list of stages, with time and kept in the place of levels.");
    }

    private const string Searched = """{ "time": 1, "kept": 0.1, "choose": "search" }""";

    private async Task<decimal> MakespanOfAsync(string choose) =>
        Makespan((await Service.PostAsync("/schedules/solve", Body($$"""{ "time": 1, "kept": 0.1, "choose": "{{choose}}" }"""))).Json);

    private static JsonObject Body(string recompute)
    {
        var body = Requests.Solve(microbatches: 8, seconds: 2, limit: 2);
        body["profile"]!["recompute"] = JsonNode.Parse(recompute);
        return body;
    }

    private static decimal Makespan(JsonNode answer) => answer["makespan"]!.GetValue<decimal>();

    private static string ChooseOf(JsonNode answer) => answer["with"]!["recompute.choose"]!.ToJsonString();
}

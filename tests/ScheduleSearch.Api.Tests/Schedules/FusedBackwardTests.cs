using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>A fused backward with a time of its own, tried beside split ones where that is left to the search.</summary>
public sealed class FusedBackwardTests : SolvingService
{
    [Fact]
    public async Task The_better_of_both_ways_is_taken_and_the_bound_is_one_of_both()
    {
        foreach (var (whole, better) in new[] { (1.0m, "fused"), (1.99m, "split") })
        {
            var answer = await SolveAsync(whole);
            answer.Status.ShouldBe(200, answer.Text);
            var rows = answer["alternatives"]!.AsArray().Select(row => row!).ToList();
            rows.Select(row => row["with"]!["backward.choose"]!.GetValue<string>()).ShouldBe(["split", "fused"]);
            Value(answer.Json, "makespan").ShouldBe(rows.Where(row => row["makespan"] is not null).Min(row => Value(row, "makespan")));
            rows.ShouldAllBe(row => Value(row, "lowerBound") >= Value(answer.Json, "lowerBound"));
            answer["with"]!["backward.choose"]!.GetValue<string>().ShouldBe(better);
        }
    }

    [Fact]
    public async Task Said_in_the_profile_it_is_the_problem_of_whole_backwards()
    {
        var said = await SolveAsync(1.5m, body => body["profile"]!["backward"] = new JsonObject { ["choose"] = "fused" });
        var whole = await SolveAsync(0, body =>
        {
            var times = body["profile"]!["times"]!.AsObject();
            times.Remove("backward");
            (times["backwardInput"], times["backwardWeight"]) = (1.5m, 0);
            body["options"]!["splitBackward"] = false;
        });
        said["id"]!.GetValue<string>().ShouldBe(whole["id"]!.GetValue<string>());
        said["alternatives"].ShouldBeNull();
    }

    [Fact]
    public async Task A_family_of_whole_backwards_takes_it()
    {
        foreach (var split in new[] { true, false })
        {
            var family = await SolveAsync(1.5m, body =>
            {
                body["profile"]!["times"]!["communication"] = 0;
                (body["options"]!["family"], body["options"]!["splitBackward"]) = ("1f1b", split);
            });
            // Four devices and four microbatches.
            Value(family.Json, "makespan").ShouldBe(7 * (1.25m + 1.5m));
        }
    }

    [Fact]
    public async Task A_runtime_of_whole_backwards_has_nothing_to_choose()
    {
        var answer = await SolveAsync(1.5m, body => body["options"]!["runtime"] = "deepspeed");
        answer.Status.ShouldBe(200, answer.Text);
        answer["alternatives"].ShouldBeNull();
        var asked = await SolveAsync(1.5m, body =>
        {
            body["options"]!["runtime"] = "deepspeed";
            body["profile"]!["backward"] = new JsonObject { ["choose"] = "split" };
        });
        asked.Status.ShouldBe(400, asked.Text);
        asked["errors"]!["$.profile.backward.choose"].ShouldNotBeNull();
    }

    private Task<Answer> SolveAsync(decimal whole, Action<JsonObject>? change = null)
    {
        var body = Requests.Solve(seconds: 2);
        body["profile"]!["times"]!["backward"] = whole;
        change?.Invoke(body);
        return Service.PostAsync("/schedules/solve", body, ("Prefer", "wait=60"));
    }

    private static decimal Value(JsonNode answer, string member) => answer[member]!.GetValue<decimal>();
}

using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Profiles of layers over HTTP: the split in the answer, and as runtimes are told it.</summary>
public sealed class LayersTests : SolvingService
{
    [Fact]
    public async Task The_split_is_searched_and_answered_with_a_bound_over_every_split()
    {
        var answer = await SolveAsync(Body());
        answer.Status.ShouldBe(200, answer.Text);
        var split = answer["with"]!["pipeline.split"]!.AsArray().Select(count => count!.GetValue<int>()).ToList();
        (split.Count, split.Sum()).ShouldBe((4, 10));
        var makespan = Makespan(answer);
        makespan.ShouldBeLessThanOrEqualTo(Makespan(await SolveAsync(Body(split: "even"))));
        answer["lowerBound"]!.GetValue<decimal>().ShouldBeInRange(1, makespan);
        answer["alternatives"]!.AsArray().ShouldAllBe(row => row!["lowerBound"]!.GetValue<decimal>() >= answer["lowerBound"]!.GetValue<decimal>());

        var again = await SolveAsync(Body(split: answer["with"]!["pipeline.split"]!.DeepClone()));
        again["leader"]!.GetValue<string>().ShouldBe(answer["leader"]!.GetValue<string>());
        Makespan(again).ShouldBe(makespan);
    }

    [Fact]
    public async Task The_stages_that_recompute_are_searched_with_the_split()
    {
        var body = Body();
        var profile = body["profile"]!;
        profile["pipeline"]!["devices"] = 2;
        profile["memory"]!["limit"] = 8;
        profile["recompute"] = new JsonObject { ["choose"] = "search" };
        profile["layers"]![1]!["recompute"] = new JsonObject { ["kept"] = 0.1 };
        var answer = await SolveAsync(body);
        answer.Status.ShouldBe(200, answer.Text);
        // 10 layers on 2 devices are split in 9 ways, each with its stages recomputing or not.
        var rows = answer["alternatives"]!.AsArray();
        rows.Select(row => row!["with"]!["pipeline.split"]!.ToJsonString()).Distinct().Count().ShouldBe(9);
        rows.Count.ShouldBeGreaterThan(18);
        profile["pipeline"]!["split"] = answer["with"]!["pipeline.split"]!.DeepClone();
        profile["recompute"]!["choose"] = answer["with"]!["recompute.choose"]!.DeepClone();
        (await SolveAsync(body))["leader"]!.GetValue<string>().ShouldBe(answer["leader"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_layout_of_the_schedule_that_leads_is_told_as_runtimes_take_it()
    {
        var answer = await SolveAsync(Body(split: new JsonArray(3, 3, 2, 2)));
        var id = answer["id"]!.GetValue<string>();
        var counts = await Service.GetAsync($"/schedules/{id}/layout");
        counts.Status.ShouldBe(200, counts.Text);
        counts["id"]!.GetValue<string>().ShouldBe(answer["leader"]!.GetValue<string>());
        counts["stages"]![0]!.ToJsonString().ShouldBe("""{"stage":0,"devices":[0],"first":0,"count":3,"names":["embedding","decoder"]}""");
        (await Service.GetAsync($"/schedules/{id}/layout?format=megatron"))["settings"]!["--pipeline-model-parallel-layout"]!.GetValue<string>()
            .ShouldBe("Ett|t*3|tt|tL");
        var refused = await Service.GetAsync($"/schedules/{id}/layout?format=nemo");
        refused.Status.ShouldBe(422, refused.Text);
        refused["errors"]!["format"]![0]!.GetValue<string>().ShouldContain("use the format megatron");
        (await Service.GetAsync($"/schedules/{id}/layout?format=none")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_schedule_of_stages_has_no_layout()
    {
        var answer = await SolveAsync(Body(split: "even"));
        var refused = await Service.GetAsync($"/schedules/{answer["leader"]!.GetValue<string>()}/layout");
        refused.Status.ShouldBe(422, refused.Text);
        refused["errors"]!["id"]![0]!.GetValue<string>().ShouldContain("give profile.layers");
    }

    [Fact]
    public async Task What_compares_one_schedule_takes_a_split_that_is_no_choice()
    {
        var compared = await Service.PostAsync("/schedules/compare", Body(split: "even"));
        compared.Status.ShouldBe(200, compared.Text);
        var refused = await Service.PostAsync("/schedules/compare", Body());
        refused["errors"]!["$.profile.pipeline.split"]![0]!.GetValue<string>()
            .ShouldBe("Has the ways tried, which only solve does: use even or the layers of each stage.");
    }

    /// <summary>Waits for the end, which comes with the first schedules of the splits on most machines, and later on a busy one.</summary>
    private Task<Answer> SolveAsync(JsonObject body) => Service.PostAsync("/schedules/solve", body, ("Prefer", "wait=60"));

    private static decimal Makespan(Answer answer) => answer["makespan"]!.GetValue<decimal>();

    private static JsonObject Body(JsonNode? split = null)
    {
        var pipeline = new JsonObject { ["devices"] = 4, ["microbatches"] = 8 };
        if (split is not null) pipeline["split"] = split;
        return new()
        {
            ["profile"] = new JsonObject
            {
                ["pipeline"] = pipeline,
                ["times"] = new JsonObject { ["communication"] = 0.2 },
                ["memory"] = new JsonObject { ["limit"] = 12 },
                ["layers"] = new JsonArray(
                    Layer("embedding", 1, 0.5, 0, 0.5, 0), Layer("decoder", 8, 2, 2, 1.5, 1), Layer("head", 1, 2.5, 2.5, 2.5, 0.5)),
            },
            ["options"] = new JsonObject { ["timeLimitSeconds"] = 2 },
        };
    }

    private static JsonObject Layer(string name, int count, double forward, double input, double weight, double activation) => new()
    {
        ["name"] = name,
        ["count"] = count,
        ["forward"] = forward,
        ["backwardInput"] = input,
        ["backwardWeight"] = weight,
        ["activation"] = activation,
    };
}

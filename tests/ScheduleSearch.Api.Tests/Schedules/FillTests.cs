using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Frozen work in the bubbles of a pipeline, over HTTP.</summary>
public sealed class FillTests(SolvingService served) : IClassFixture<SolvingService>
{
    private TestService Service => served.Service;

    [Theory]
    [InlineData(0, 6)]
    [InlineData(3, 8)]
    public async Task The_answer_says_how_much_of_the_work_was_free(int device, decimal free)
    {
        var body = Diffusion($$"""[{ "name": "encoder", "duration": 2, "count": 6, "device": {{device}} }]""");
        body["options"]!["family"] = "1f1b";
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var fill = answer["fill"]!;
        (fill["work"]![device]!.GetValue<decimal>(), fill["free"]![device]!.GetValue<decimal>(), fill["without"]!.GetValue<decimal>()).ShouldBe((12, free, 33));
        answer["makespan"]!.GetValue<decimal>().ShouldBe(33 + 12 - free);
        var pieces = answer["devices"]![device]!.AsArray().Where(operation => operation!["op"]!.GetValue<string>() == "fill").ToList();
        pieces.Select(piece => (piece!["item"]!.GetValue<string>(), piece["microbatch"]!.GetValue<int>()))
            .ShouldBe(Enumerable.Range(0, 6).Select(number => ("encoder", number)));
        var plain = Diffusion("null");
        (await Service.PostAsync("/schedules/solve", plain)).Text.ShouldNotContain("\"fill\"");
    }

    [Fact]
    public async Task A_searched_schedule_is_verified_again_and_leaves_as_a_stream()
    {
        var body = Diffusion("""
            [
              { "name": "text", "duration": 2, "count": 3, "device": 0 },
              { "name": "image", "duration": 3, "count": 2, "device": 3, "after": ["text"], "splittable": 1.5 }
            ]
            """);
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["fill"]!["work"]!.AsArray().Select(work => work!.GetValue<decimal>()).ShouldBe([6, 0, 0, 6]);
        answer["lowerBound"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(answer["makespan"]!.GetValue<decimal>());

        var verified = new JsonObject { ["profile"] = body["profile"]!.DeepClone(), ["devices"] = answer["devices"]!.DeepClone() };
        (await Service.PostAsync("/schedules/verify", verified))["valid"]!.GetValue<bool>().ShouldBeTrue();
        var first = verified["devices"]![3]!.AsArray().First(operation => operation!["op"]!.GetValue<string>() == "fill")!;
        first["item"] = "text";
        (await Service.PostAsync("/schedules/verify", verified))["violations"]!.ToJsonString().ShouldContain("The fill of text, piece 0 belongs to device 0.");

        foreach (var format in new[] { "native", "chrome-trace", "csv", "timeline", "svg" })
            (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format={format}")).Text.ShouldContain("image", customMessage: format);
        foreach (var format in new[] { "pytorch", "megatron-zb", "deepspeed" })
        {
            var refused = await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format={format}");
            (refused.Status, refused.Members.Single()).ShouldBe((422, "$.profile.fill"), refused.Text);
        }
    }

    [Fact]
    public async Task A_deadline_is_kept_at_the_cost_of_the_microbatches_and_an_order_that_misses_it_is_told()
    {
        const string Item = """ "name": "encoder", "duration": 2, "count": 3, "device": 0 """;
        var free = await Service.PostAsync("/schedules/solve", Diffusion($"[{{ {Item} }}]"));
        var dated = Diffusion($$"""[{ {{Item}}, "deadline": 7 }]""");
        var answer = await Service.PostAsync("/schedules/solve", dated);
        answer.Status.ShouldBe(200, answer.Text);
        answer["id"]!.GetValue<string>().ShouldNotBe(free["id"]!.GetValue<string>());
        PiecesOf(answer).Last()!["end"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(7);
        answer["makespan"]!.GetValue<decimal>().ShouldBeGreaterThan(free["makespan"]!.GetValue<decimal>());

        var late = new JsonObject { ["profile"] = dated["profile"]!.DeepClone(), ["devices"] = free["devices"]!.DeepClone() };
        (await Service.PostAsync("/schedules/verify", late)).Text.ShouldContain("the deadline of encoder is 7");
        late["devices"] = answer["devices"]!.DeepClone();
        (await Service.PostAsync("/schedules/verify", late))["valid"]!.GetValue<bool>().ShouldBeTrue();
        (await Service.PostAsync("/schedules/compare", Diffusion($$"""[{ {{Item}}, "deadline": 7 }]"""))).Status.ShouldBe(200);

        dated["options"]!["objective"] = "span";
        (await Service.PostAsync("/schedules/solve", dated)).Text.ShouldContain("ask for makespan");

        static JsonArray PiecesOf(Answer answer) =>
            [.. answer["devices"]![0]!.AsArray().Where(operation => operation!["op"]!.GetValue<string>() == "fill").Select(piece => piece!.DeepClone())];
    }

    [Fact]
    public async Task Work_for_any_device_is_dealt_out_and_bounded_by_what_all_devices_have_to_do()
    {
        var body = Diffusion("""[{ "name": "encoder", "duration": 2, "count": 42, "device": "any" }]""");
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["fill"]!["work"]!.AsArray().Select(work => work!.GetValue<decimal>()).ShouldBe([22, 22, 20, 20]);
        answer["devices"]!.AsArray().Select(device => device!.AsArray().Count(operation => operation!["op"]!.GetValue<string>() == "fill"))
            .ShouldBe([11, 11, 10, 10]);
        // 24 on each device beside 84 for all of them.
        answer["lowerBound"]!.GetValue<decimal>().ShouldBe(45);
        answer["makespan"]!.GetValue<decimal>().ShouldBeGreaterThanOrEqualTo(45);
        var verified = new JsonObject { ["profile"] = body["profile"]!.DeepClone(), ["devices"] = answer["devices"]!.DeepClone() };
        (await Service.PostAsync("/schedules/verify", verified))["valid"]!.GetValue<bool>().ShouldBeTrue();
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=native")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""[{ "duration": 2, "device": 0 }]""", 400, "$.profile.fill[0].name")]
    [InlineData("""[{ "name": "=a", "duration": 2, "device": 0 }]""", 400, "$.profile.fill[0].name")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0 }, { "name": "a", "duration": 2, "device": 1 }]""", 400, "$.profile.fill[1].name")]
    [InlineData("""[{ "name": "a", "duration": 0, "device": 0 }]""", 400, "$.profile.fill[0].duration")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 4 }]""", 400, "$.profile.fill[0].device")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": "all" }]""", 400, "$.profile.fill[0].device")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": "any", "deadline": 9 }]""", 400, "$.profile.fill[0].deadline")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "count": 0 }]""", 400, "$.profile.fill[0].count")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "after": ["b"] }]""", 400, "$.profile.fill[0].after")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "after": "b" }]""", 400, "$.profile.fill[0].after")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "splittable": 1.5 }]""", 400, "$.profile.fill[0].splittable")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "deadline": -1 }]""", 400, "$.profile.fill[0].deadline")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "deadline": 1.5 }]""", 422, "$.profile.fill[0].deadline")]
    [InlineData("""[{ "name": "a", "duration": 2, "device": 0, "count": 100000 }]""", 422, "$.profile.fill")]
    [InlineData("""{ "name": "a", "duration": 2, "device": 0 }""", 400, "$.profile.fill")]
    public async Task What_cannot_be_meant_is_named(string fill, int status, string named)
    {
        var answer = await Service.PostAsync("/schedules/solve", Diffusion(fill));
        (answer.Status, answer.Members.First()).ShouldBe((status, named), answer.Text);
    }

    /// <summary>Four devices, eight microbatches, a forward of 1 and a backward of 2.</summary>
    private static JsonObject Diffusion(string fill)
    {
        var body = Requests.Solve(microbatches: 8, seconds: 2);
        body["profile"]!["times"] = JsonNode.Parse("""{ "forward": 1, "backwardInput": 1, "backwardWeight": 1 }""");
        body["profile"]!["fill"] = JsonNode.Parse(fill);
        body["options"]!["splitBackward"] = false;
        return body;
    }
}

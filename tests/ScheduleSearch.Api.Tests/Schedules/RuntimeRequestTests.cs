using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: requests that name the runtime that is to run the schedule.</summary>
public sealed class RuntimeRequestTests : SolvingService
{
    [Fact]
    public async Task What_deepspeed_is_given_its_engine_runs_with_the_right_gradients()
    {
        // As reported: an activation was received between a gradient and its backward, into the tensor that held the gradient.
        var body = JsonNode.Parse("""
            {
              "profile": {
                "pipeline": { "devices": 3, "microbatches": 7 },
                "times": {
                  "forward": [11.5, 11.0, 15.8], "backwardInput": [10.3, 9.9, 14.2], "backwardWeight": [9.2, 8.8, 12.6], "communication": 0.4
                },
                "memory": { "limit": 2.5, "activation": 1 }
              },
              "options": { "timeLimitSeconds": 3, "runtime": "deepspeed" }
            }
            """)!;
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var launch = answer["launch"]!;
        (launch["runtime"]!.ToString(), launch["format"]!.ToString(), launch["refused"]).ShouldBe(("deepspeed", "deepspeed", null));
        launch["settings"]!.ToJsonString().ShouldBe("""{"num_stages":"3","gradient_accumulation_steps":"7"}""");
        DeepSpeedEngine.Run(await StreamAsync(launch)).Count.ShouldBe(21);

        // The same problem as with whole backwards, for any runtime.
        body["options"] = new JsonObject { ["splitBackward"] = false, ["timeLimitSeconds"] = 3 };
        var whole = await Service.PostAsync("/schedules/solve", body);
        (whole["id"]!.ToString(), whole["cached"]!.GetValue<bool>(), whole["launch"]).ShouldBe((answer["id"]!.ToString(), true, null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(12)]
    public async Task Whatever_is_searched_for_deepspeed_its_engine_runs(double communication)
    {
        var body = Requests.Solve(microbatches: 6, seconds: 2, devices: 3);
        body["profile"]!["times"]!["communication"] = communication;
        body["options"]!["runtime"] = "deepspeed";
        var answer = await Service.PostAsync("/schedules/solve", body);
        DeepSpeedEngine.Run(await StreamAsync(answer["launch"]!)).Count.ShouldBe(18);
    }

    [Theory]
    [InlineData("linear", 1, "parallelism.pipeline_parallel_schedule 1F1B")]
    [InlineData("interleaved", 3, "parallelism.pipeline_parallel_layers_per_stage (layers + pipeline_parallel_first_stage_less_layers")]
    [InlineData("v", 2, "parallelism.pipeline_parallel_schedule ZBVZeroBubble")]
    public async Task Torchtitan_is_given_every_flag(string placement, int chunks, string flag)
    {
        var body = Requests.Solve(microbatches: 8, seconds: 0.5, gap: 1);
        (body["profile"]!["pipeline"]!["placement"], body["profile"]!["pipeline"]!["chunks"]) = (placement, chunks);
        body["options"]!["runtime"] = "torchtitan";
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var settings = answer["launch"]!["settings"]!.AsObject();
        settings.ShouldContain(setting => $"{setting.Key} {setting.Value}".StartsWith(flag, StringComparison.Ordinal));
        (settings["parallelism.pipeline_parallel_degree"]!.ToString(), settings["parallelism.num_pp_microbatches"]!.ToString()).ShouldBe(("4", "8"));
        var document = await Service.GetAsync(answer["launch"]!["document"]!.ToString());
        document["settings"]!.ToJsonString().ShouldBe(settings.ToJsonString());
        (await Service.GetAsync(answer["launch"]!["instructions"]!.ToString())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Best_stays_within_what_the_runtime_runs()
    {
        var body = Requests.Solve(microbatches: 4, seconds: 1);
        (body["profile"]!["pipeline"]!["placement"], body["profile"]!["pipeline"]!["chunks"]) = ("best", 2);
        body["options"]!["runtime"] = "deepspeed";
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["placement"]!.ToString().ShouldBe("linear");
        answer["alternatives"]!.AsArray().Where(alternative => alternative!["id"] is null)
            .ShouldAllBe(alternative => alternative!["reason"]!.ToString().Contains("DeepSpeed"));
        DeepSpeedEngine.Run(await StreamAsync(answer["launch"]!)).Count.ShouldBe(16);

        var request = (await Service.GetAsync($"/schedules/{answer["id"]}/request")).Json;
        request["options"]!["runtime"]!.ToString().ShouldBe("deepspeed");
        request["options"]!["timeLimitSeconds"] = 0.5;
        var again = await Service.PostAsync("/schedules/solve", request);
        (again["id"]!.ToString(), again["cached"]!.GetValue<bool>()).ShouldBe((answer["id"]!.ToString(), true));
    }

    [Theory]
    [InlineData("linear", """{ "runtime": "deepsped" }""", 400, "$.options.runtime", "Did you mean deepspeed?")]
    [InlineData("linear", """{ "runtime": 7 }""", 400, "$.options.runtime", "string")]
    [InlineData("v", """{ "runtime": "deepspeed" }""", 422, "$.options.runtime", "one stage a rank")]
    [InlineData("bidirectional", """{ "runtime": "torchtitan" }""", 422, "$.options.runtime", "two pipes")]
    [InlineData("linear", """{ "runtime": "torchtitan", "formats": ["jaxpp"] }""", 422, "$.options.formats", "which reads pytorch")]
    [InlineData("linear", """{ "runtime": "deepspeed", "family": "gpipe" }""", 422, "$.options.family", "one loss")]
    [InlineData("linear", """{ "runtime": "deepspeed", "family": "zb-h1" }""", 422, "$.options.family", "Splits the backward")]
    [InlineData("linear", """{ "runtime": "megatron-zb", "family": "gpipe-reversed" }""", 422, "$.options.family", "out of order")]
    [InlineData("linear", """{ "runtime": "jaxpp", "family": "2bp-1f1b" }""", 422, "$.options.splitBackward", "splitBackward: false")]
    public async Task What_a_runtime_cannot_run_is_refused_with_what_to_change(string placement, string options, int status, string member, string words)
    {
        var body = Requests.Solve(microbatches: 8);
        (body["profile"]!["pipeline"]!["placement"], body["profile"]!["pipeline"]!["chunks"]) = (placement, placement == "v" ? 2 : 1);
        body["options"] = JsonNode.Parse(options);
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.ShouldBe([member]);
        answer["errors"]![member]![0]!.ToString().ShouldContain(words);
    }

    [Fact]
    public async Task Compare_says_which_families_the_runtime_cannot_run()
    {
        var body = Requests.Solve(microbatches: 8, seconds: 0.5);
        body["options"]!["runtime"] = "deepspeed";
        var rows = (await Service.PostAsync("/schedules/compare", body))["rows"]!.AsArray().Where(row => row!["kind"]!.ToString() == "family")
            .ToDictionary(row => row!["name"]!.ToString(), row => row!);
        (rows["gpipe"]["admitted"]!.GetValue<bool>(), rows["gpipe"]["makespan"]).ShouldBe((false, null));
        rows["gpipe"]["reason"]!.ToString().ShouldContain("one loss");
        rows["zb-h1"]["admitted"]!.GetValue<bool>().ShouldBeFalse();
        rows["1f1b"]["admitted"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Gpipe_is_refused_to_deepspeed_when_its_stream_is_asked_for()
    {
        var body = Requests.Solve(microbatches: 8);
        body["options"]!["family"] = "gpipe";
        var answer = await Service.PostAsync("/schedules/solve", body);
        var refused = await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=deepspeed");
        refused.Status.ShouldBe(422);
        refused.Members.ShouldBe(["$.options.family"]);
        refused["detail"]!.ToString().ShouldContain("1f1b");
    }

    private async Task<JsonElement> StreamAsync(JsonNode launch)
    {
        var stream = await Service.GetAsync(launch["instructions"]!.ToString());
        stream.Status.ShouldBe(200, stream.Text);
        return JsonDocument.Parse(stream.Text).RootElement;
    }
}

using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Somebody's order as PyTorch's schedules are written, replayed, and answered as a stream or a picture.</summary>
public sealed class OwnOrderTests(SolvingService served) : IClassFixture<SolvingService>
{
    private const string Valid = "0F0,0F1,0B0,0B1\n1F0,1B0,1F1,1B1\n";

    private TestService Service => served.Service;

    [Theory]
    [InlineData(Valid)]
    [InlineData("\r\n0F0, 0F1,,0B0 ,0B1\r\n\r\n1F0,1B0,1F1,1B1")]
    [InlineData("0UNSHARD,0F0,0SEND_F0,0F1,0SEND_F1,0RECV_B0,0B0,0RECV_B1,0B1,0REDUCE_GRAD,0RESHARD\n"
        + "1UNSHARD,1RECV_F0,1F0,1B0,1SEND_B0,1RECV_F1,1F1,1B1,1SEND_B1,1REDUCE_GRAD,1RESHARD")]
    public async Task A_csv_costs_what_its_operations_do(string csv)
    {
        var answer = await VerifyAsync(csv);
        answer["valid"]!.GetValue<bool>().ShouldBeTrue(answer.Text);
        answer["makespan"]!.GetValue<decimal>().ShouldBe(9);
        answer["peakMemory"]!.AsArray().Select(peak => peak!.GetValue<decimal>()).ShouldBe([2, 1]);
        answer["lowerBound"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(9);
    }

    [Fact]
    public async Task A_pair_is_carried_out_together()
    {
        var answer = await VerifyAsync("0F0,0F1,0B0,0B1\n1F0,(1F1;1B0)OVERLAP_F_B,1B1", ("overlap", """{ "duration": 2 }"""));
        answer["valid"]!.GetValue<bool>().ShouldBeTrue(answer.Text);
        answer["makespan"]!.GetValue<decimal>().ShouldBe(8);
    }

    [Theory]
    [InlineData("0F0,0F1,0B0,0B1\n1F0,1F1,1B1", "completeness", 1, -1)]
    [InlineData("0F0,0F1,0B0,0B1\n1F0,1B0,0F1,1B1", "placement", 1, 2)]
    [InlineData("0F0,,0SEND_F0,0F1,0F1,0B0,0B1\n1F0,1B0,1F1,1B1", "completeness", 0, 4)]
    [InlineData("0B0,0F0,0F1,0B1\n1F0,1B0,1F1,1B1", "deadlock", 0, 0)]
    public async Task A_broken_rule_is_named_with_row_and_cell(string csv, string rule, int row, int cell)
    {
        var broken = (await VerifyAsync(csv))["violations"]!.AsArray()[0]!;
        (broken["rule"]!.GetValue<string>(), broken["device"]!.GetValue<int>(), broken["position"]!.GetValue<int>()).ShouldBe((rule, row, cell));
        var stream = await PostAsync(csv, "?format=timeline");
        (stream.Status, stream.Members.Single()).ShouldBe((422, "$.csv"), stream.Text);
        stream["errors"]!["$.csv"]![0]!.GetValue<string>().ShouldStartWith($"Row {row}{(cell < 0 ? "" : $", cell {cell}")} breaks {rule}: ");
    }

    [Theory]
    [InlineData("0F0,0G1\n1F0", "Row 0, cell 1 is \"0G1\"")]
    [InlineData("0F0\n\n1F0,,1SEND_F", "Row 1, cell 2 is \"1SEND_F\"")]
    [InlineData("0F0,(0B0;0F1)OVERLAP_F_B\n1F0", "Row 0, cell 1 is \"(0B0;0F1)OVERLAP_F_B\"")]
    [InlineData("0F99999999999", "Row 0, cell 0 is \"0F99999999999\"")]
    [InlineData("device,lane,op", "Row 0, cell 2 is \"op\"")]
    public async Task A_cell_that_is_no_action_is_named(string csv, string message)
    {
        var answer = await PostAsync(csv);
        (answer.Status, answer.Members.Single()).ShouldBe((400, "$.csv"), answer.Text);
        answer["errors"]!["$.csv"]!.AsArray().Select(error => error!.GetValue<string>()).ShouldContain(error => error.StartsWith(message));
    }

    [Fact]
    public async Task What_a_csv_cannot_tell_is_to_be_sent_as_lists()
    {
        var sliced = await PostAsync(Valid, "", ("slices", """{ "count": 2 }"""));
        (sliced.Status, sliced.Members.Single()).ShouldBe((422, "$.csv"), sliced.Text);
        sliced["detail"]!.GetValue<string>().ShouldContain("no slice");
        sliced["detail"]!.GetValue<string>().ShouldContain("Send the order as devices instead");
        var pipes = await PostAsync(Valid, "", ("pipeline", """{ "devices": 2, "microbatches": 2, "placement": "bidirectional" }"""));
        pipes["detail"]!.GetValue<string>().ShouldContain("no pipe", customMessage: pipes.Text);
    }

    [Fact]
    public async Task An_order_is_sent_in_one_form()
    {
        var both = Body(Valid);
        both["devices"] = new JsonArray();
        (await Service.PostAsync("/schedules/verify", both)).Members.ShouldBe(["$.devices"]);
        both["csv"] = 7;
        both.Remove("devices");
        (await Service.PostAsync("/schedules/verify", both)).Members.ShouldBe(["$.csv"]);
        both.Remove("csv");
        (await Service.PostAsync("/schedules/verify", both)).Members.ShouldBe(["$.devices"]);
    }

    [Fact]
    public async Task More_cells_than_any_order_has_are_refused_as_they_are_read()
    {
        await using var small = new TestService(served.ConnectionString, null, ("Limits:MaxOperations", "12"));
        var answer = await small.PostAsync("/schedules/verify", Body(Valid + string.Join(',', Enumerable.Repeat("0F0", 20))));
        (answer.Status, answer.Members.Single()).ShouldBe((400, "$.csv"), answer.Text);
        answer["detail"]!.GetValue<string>().ShouldContain("more than 12 cells that compute");
    }

    [Fact]
    public async Task More_rows_than_any_pipeline_has_are_refused_as_they_are_read()
    {
        await using var small = new TestService(served.ConnectionString, null, ("Limits:MaxDevices", "2"));
        var answer = await small.PostAsync("/schedules/verify", Body(Valid + "2UNSHARD\n3UNSHARD"));
        (answer.Status, answer.Members.Single()).ShouldBe((400, "$.csv"), answer.Text);
        answer["detail"]!.GetValue<string>().ShouldContain("more than 2 rows");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Another_number_of_lists_than_devices_is_no_fault_of_one_list(int count)
    {
        var body = Body("");
        body.Remove("csv");
        body["devices"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => new JsonArray())]);
        var stream = await Service.PostAsync("/schedules/verify?format=timeline", body);
        (stream.Status, stream.Members.First()).ShouldBe((422, "$.devices"), stream.Text);
    }

    [Theory]
    [InlineData("timeline", "application/json", "json")]
    [InlineData("chrome-trace", "application/json", "json")]
    [InlineData("svg", "image/svg+xml", "svg")]
    [InlineData("pytorch&version=2.9", "text/csv", "csv")]
    public async Task An_order_that_keeps_the_rules_is_answered_in_every_format(string format, string mediaType, string ending)
    {
        var answer = await PostAsync(Valid, $"?format={format}");
        (answer.Status, answer.MediaType).ShouldBe((200, mediaType), answer.Text);
        answer.Response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"own-order.{ending}");
        // The same order, listed, is the same stream.
        var listed = Body(Valid);
        listed.Remove("csv");
        var table = (await PostAsync(Valid, "?format=csv")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(','));
        listed["devices"] = new JsonArray([.. table.GroupBy(row => row[0]).Select(device => new JsonArray([.. device.Select(row => new JsonObject
        {
            ["op"] = row[2], ["stage"] = int.Parse(row[4]), ["microbatch"] = int.Parse(row[5]),
        })]))]);
        (await Service.PostAsync($"/schedules/verify?format={format}", listed)).Text.ShouldBe(answer.Text);
        if (ending == "csv") answer.Text.ShouldBe(Valid);
        if (ending == "svg") answer.Text.ShouldContain("makespan 9 ms");
    }

    [Fact]
    public async Task A_format_is_refused_as_at_a_stored_schedule()
    {
        (await PostAsync(Valid, "?format=pytroch"))["detail"]!.GetValue<string>().ShouldEndWith("Did you mean pytorch?");
        var split = await PostAsync("0F0,0F1,0I0,0I1,0W0,0W1\n1F0,1B0,1F1,1B1", "?format=deepspeed");
        (split.Status, split.Members.Single()).ShouldBe((422, "$.options.splitBackward"), split.Text);
    }

    [Fact]
    public async Task What_is_stored_is_answered_in_a_format_by_its_id()
    {
        var id = (await Service.PostAsync("/schedules/solve", Requests.Solve(devices: 2)))["id"]!.GetValue<string>();
        var answer = await Service.PostAsync("/schedules/verify?format=timeline", new JsonObject { ["id"] = id[..10] });
        answer.Text.ShouldBe((await Service.GetAsync($"/schedules/{id}/timeline.json")).Text);
    }

    [Fact]
    public async Task What_looks_like_another_unit_is_said_beside_the_figures()
    {
        (await VerifyAsync(Valid))["warnings"].ShouldBeNull();
        var answer = await VerifyAsync(Valid, ("times", """{ "unit": "s", "forward": 900, "backwardInput": 900, "backwardWeight": 900 }"""));
        answer["warnings"]!.AsObject().Select(warning => warning.Key).ShouldContain("$.profile.times.forward");
    }

    private async Task<Answer> VerifyAsync(string csv, params (string Member, string Json)[] changed)
    {
        var answer = await PostAsync(csv, "", changed);
        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }

    private Task<Answer> PostAsync(string csv, string query = "", params (string Member, string Json)[] changed)
    {
        var body = Body(csv);
        foreach (var (member, json) in changed) body["profile"]![member] = JsonNode.Parse(json);
        return Service.PostAsync($"/schedules/verify{query}", body);
    }

    /// <summary>Two devices and two microbatches in unit times, under 1F1B.</summary>
    private static JsonObject Body(string csv) => new()
    {
        ["profile"] = JsonNode.Parse(
            """
            {
              "pipeline": { "devices": 2, "microbatches": 2 },
              "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 },
              "memory": { "activation": 1 }
            }
            """),
        ["csv"] = csv,
    };
}

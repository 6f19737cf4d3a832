using System.Globalization;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Microbatches of unequal cost, as they are asked for and answered.</summary>
public sealed class UnequalMicrobatchTests(SolvingService served) : IClassFixture<SolvingService>
{
    private const string Factors = "[1, 3, 0.5, 2, 0.75, 2.5]";

    private TestService Service => served.Service;

    [Fact]
    public async Task Their_order_is_searched_and_the_answer_names_them_as_the_profile_does()
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(Factors));
        answer.Status.ShouldBe(200, answer.Text);
        answer["lowerBound"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(answer["makespan"]!.GetValue<decimal>());
        foreach (var operation in answer["devices"]![0]!.AsArray().Where(operation => operation!["op"]!.GetValue<string>() == "forward"))
        {
            var factor = JsonNode.Parse(Factors)![operation!["microbatch"]!.GetValue<int>()]!.GetValue<decimal>();
            (operation["end"]!.GetValue<decimal>() - operation["start"]!.GetValue<decimal>()).ShouldBe(1.25m * factor);
        }

        var verified = new JsonObject { ["profile"] = Body(Factors)["profile"]!.DeepClone(), ["devices"] = answer["devices"]!.DeepClone() };
        (await Service.PostAsync("/schedules/verify", verified))["valid"]!.GetValue<bool>().ShouldBeTrue();
        var given = Body(Factors);
        given["options"]!["family"] = "1f1b";
        var inTurn = await Service.PostAsync("/schedules/solve", given);
        inTurn["makespan"]!.GetValue<decimal>().ShouldBeGreaterThan(answer["makespan"]!.GetValue<decimal>());
        (await Service.GetAsync($"/schedules/{inTurn["id"]}/instructions?format=pytorch")).Status.ShouldBe(200);
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=native")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task One_by_one_they_are_the_same_problem_and_all_alike_the_problem_of_other_times()
    {
        var list = Body(Factors);
        list["profile"]!.AsObject().Remove("microbatchScale");
        list["profile"]!["microbatches"] = new JsonArray([.. JsonNode.Parse(Factors)!.AsArray().Select(factor => new JsonObject { ["scale"] = factor!.DeepClone() })]);
        var ofList = await Service.PostAsync("/schedules/solve", list);
        ofList.Status.ShouldBe(200, ofList.Text);
        ofList["id"]!.GetValue<string>().ShouldBe((await Service.PostAsync("/schedules/solve", Body(Factors)))["id"]!.GetValue<string>());

        list["profile"]!["microbatches"]!.AsArray().RemoveAt(0);
        var fewer = await Service.PostAsync("/schedules/solve", list);
        (fewer.Status, fewer.Members.Single()).ShouldBe((422, "$.profile.microbatches"), fewer.Text);

        var doubled = Body("null");
        foreach (var member in new[] { "forward", "backwardInput", "backwardWeight" })
            doubled["profile"]!["times"]![member] = 2 * decimal.Parse(doubled["profile"]!["times"]![member]!.ToJsonString(), CultureInfo.InvariantCulture);
        var ofTwos = await Service.PostAsync("/schedules/solve", Body("[2, 2, 2, 2, 2, 2]"));
        ofTwos["id"]!.GetValue<string>().ShouldBe((await Service.PostAsync("/schedules/solve", doubled))["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("[1, 2]", "$.profile.microbatchScale.forward", "give 6, one for each microbatch")]
    [InlineData("[1, 2, 3, 4, 5, 0]", "$.profile.microbatchScale.forward[5]", "from 0.001 to 1000")]
    [InlineData("\"sorted\"", "$.profile.microbatchScale", "must be")]
    [InlineData("{ \"weights\": [1] }", "$.profile.microbatchScale.weights", "the members are forward, backward, activation")]
    public async Task What_is_no_factor_is_named(string json, string member, string message)
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(json));
        (answer.Status, answer.Members.Single()).ShouldBe((400, member), answer.Text);
        answer["errors"]![member]![0]!.GetValue<string>().ShouldContain(message);
    }

    private static JsonObject Body(string factors)
    {
        var body = Requests.Solve(microbatches: 6, seconds: 2, devices: 3);
        body["profile"]!["microbatchScale"] = JsonNode.Parse(factors);
        return body;
    }
}

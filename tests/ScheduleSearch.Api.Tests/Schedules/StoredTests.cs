using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: what is told of a stored schedule beside its operations.</summary>
public sealed class StoredTests : SolvingService
{
    [Fact]
    public async Task Figures_are_the_answer_without_its_operations()
    {
        var whole = (await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 4))).Json.AsObject();
        var figures = await Service.GetAsync($"/schedules/{whole["id"]}/figures");
        whole.Remove("devices").ShouldBeTrue();
        whole["cached"] = true;
        JsonNode.DeepEquals(figures.Json, whole).ShouldBeTrue(figures.Text);
        var tag = figures.Response.Headers.ETag!.ToString();
        (await Service.GetAsync($"/schedules/{whole["id"]}/figures", ("If-None-Match", tag))).Status.ShouldBe(304);
    }

    [Fact]
    public async Task A_request_is_told_without_its_name_and_searches_the_same_problem()
    {
        var answer = await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 4));
        var request = (await Service.GetAsync($"/schedules/{answer["id"]}/request")).Json;
        request["profile"]!["name"].ShouldBeNull();
        var again = await Service.PostAsync("/schedules/solve", request);
        (again["id"]!.ToString(), again["cached"]!.GetValue<bool>()).ShouldBe((answer["id"]!.ToString(), true));
    }

    [Fact]
    public async Task Families_are_those_of_compare()
    {
        var answer = await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 4));
        var compared = await Service.PostAsync("/schedules/compare", Requests.Solve(limit: 4));
        JsonNode.DeepEquals((await Service.GetAsync($"/schedules/{answer["id"]}/families")).Json, compared.Json).ShouldBeTrue();

        var body = Requests.Solve(limit: 4);
        body["options"]!["family"] = "1f1b";
        var family = await Service.PostAsync("/schedules/solve", body);
        var rows = (await Service.GetAsync($"/schedules/{family["id"]}/families"))["rows"]!.AsArray();
        rows.ShouldAllBe(row => row!["kind"]!.ToString() == "family");
        rows.Count.ShouldBe(compared["rows"]!.AsArray().Count - 1);
    }

    [Fact]
    public async Task Formats_say_what_the_streams_answer()
    {
        var id = (await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 4)))["id"]!;
        var formats = (await Service.GetAsync($"/schedules/{id}/formats")).Json.AsArray();
        formats.Select(format => format!["carries"]!.GetValue<bool>()).Distinct().Count().ShouldBe(2);
        foreach (var format in formats)
        {
            var stream = await Service.GetAsync($"/schedules/{id}/instructions?format={format!["name"]}");
            stream.Status.ShouldBe(format["carries"]!.GetValue<bool>() ? 200 : 422);
            if (stream.Status == 422) stream["detail"]!.ToString().ShouldContain(format["reason"]!.ToString());
        }
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("request")]
    [InlineData("families")]
    [InlineData("formats")]
    [InlineData("critical-path")]
    public async Task What_is_not_stored_is_not_found(string what) =>
        (await Service.GetAsync($"/schedules/{new string('0', 64)}/{what}")).Status.ShouldBe(404);
}

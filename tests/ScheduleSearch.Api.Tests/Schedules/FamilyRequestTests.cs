using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: families asked for by name.</summary>
public sealed class FamilyRequestTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

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
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions")).Status.ShouldBe(200);

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

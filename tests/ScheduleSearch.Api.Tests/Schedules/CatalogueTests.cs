using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: what the service offers, it can do.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public async Task Every_example_solves_and_its_schedule_leaves_in_every_form()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString);
        var examples = (await service.GetAsync("/examples")).Json.AsArray();
        examples.Count.ShouldBeGreaterThanOrEqualTo(7);
        var carried = 0;
        foreach (var example in examples)
        {
            example!["description"]!.GetValue<string>().ShouldNotBeEmpty();
            var request = example["request"]!;
            request["options"]!["timeLimitSeconds"] = 1;
            var answer = await service.PostAsync("/schedules/solve", request);
            answer.Status.ShouldBe(200, answer.Text);
            answer["status"]!.GetValue<string>().ShouldBeOneOf("optimal", "feasible");
            foreach (var path in new[] { "instructions?format=native", "timeline.svg", "timeline.json", "trace.json" })
                (await service.GetAsync($"/schedules/{answer["id"]}/{path}")).Status.ShouldBe(200);
            var pytorch = await service.GetAsync($"/schedules/{answer["id"]}/instructions?format=pytorch");
            if (pytorch.Status == 200) carried++;
            else pytorch.Status.ShouldBe(422, "a format that cannot carry a schedule says why");
        }

        carried.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task A_profile_is_compared_under_every_family_of_its_placement()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString);
        var families = (await service.GetAsync("/families")).Json.AsArray();
        families.ShouldAllBe(family => family!["source"]!.GetValue<string>().Length > 0);

        var answer = await service.PostAsync("/schedules/compare", Requests.Solve(microbatches: 8, limit: 4));
        answer.Status.ShouldBe(200, answer.Text);
        var rows = answer["rows"]!.AsArray();
        rows.Where(row => row!["kind"]!.GetValue<string>() == "family").Select(row => row!["name"]!.GetValue<string>())
            .ShouldBe(families.Where(family => family!["placement"]!.GetValue<string>() == "linear").Select(family => family!["name"]!.GetValue<string>()));
        var byName = rows.ToDictionary(row => row!["kind"]!.GetValue<string>() == "search" ? "search" : row["name"]!.GetValue<string>(), row => row!);
        byName["gpipe"]["fits"]!.GetValue<bool>().ShouldBeFalse();
        byName["1f1b"]["fits"]!.GetValue<bool>().ShouldBeTrue();
        byName["search"]["fits"]!.GetValue<bool>().ShouldBeTrue();
        var best = rows.Where(row => row!["fits"]?.GetValue<bool>() == true).Min(row => row!["makespan"]!.GetValue<decimal>());
        byName["search"]["makespan"]!.GetValue<decimal>().ShouldBe(best);
    }

    [Fact]
    public async Task A_family_that_splits_the_backward_is_not_admitted_where_that_is_ruled_out()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var request = Requests.Solve(microbatches: 8);
        request["options"]!["splitBackward"] = false;
        var rows = (await service.PostAsync("/schedules/compare", request))["rows"]!.AsArray();
        var split = rows.Single(row => row!["name"]!.GetValue<string>() == "zb-h1")!;
        split["admitted"]!.GetValue<bool>().ShouldBeFalse();
        split["reason"]!.GetValue<string>().ShouldContain("splitBackward");
        split["makespan"].ShouldBeNull();
    }

    [Fact]
    public async Task The_limits_are_the_configured_ones()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(
            database.ConnectionString, new StubSolver(), ("Limits:MaxTimeLimitSeconds", "7"), ("Limits:MaxDevices", "3"));
        var limits = await service.GetAsync("/limits");
        limits["maxTimeLimitSeconds"]!.GetValue<double>().ShouldBe(7);
        var answer = await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 8));
        answer.Status.ShouldBe(422);
        answer.Members.ShouldBe(["$.profile.pipeline.devices", "$.options.timeLimitSeconds"]);
    }
}

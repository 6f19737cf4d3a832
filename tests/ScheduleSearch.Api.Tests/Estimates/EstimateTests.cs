using System.Text.Json.Nodes;
using ScheduleSearch.Api.Estimates;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Estimates;

/// <summary>Estimates over HTTP.</summary>
public sealed class EstimateTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, new StubSolver());
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_configuration_becomes_a_profile_of_layers_with_a_formula_for_each_number()
    {
        var answer = await Service.PostAsync("/profiles/estimate", EstimateExample.Request());
        answer.Status.ShouldBe(200, answer.Text);
        answer["label"]!.GetValue<string>().ShouldBe("estimate");
        answer["parameters"]!["total"]!.GetValue<long>().ShouldBe(70_553_706_496);
        var layers = answer["profile"]!["layers"]!.AsArray();
        layers.Select(layer => $"{layer!["count"]} {layer["name"]}").ShouldBe(["1 embedding", "80 decoder", "1 head"]);
        foreach (var (layer, explained) in layers.Zip(answer["layers"]!.AsArray()))
        {
            foreach (var member in new[] { "forward", "backwardInput", "backwardWeight", "activation", "retained", "weights" })
            {
                layer![member]!.GetValue<decimal>().ShouldBe(explained![member]!.GetValue<decimal>());
                explained["formulas"]![member]!.GetValue<string>().ShouldNotBeEmpty();
            }
        }

        answer["ranks"]!.AsArray().Count.ShouldBe(8);
        answer["ranks"]!.AsArray().Select(rank => rank!["activation"]!.GetValue<decimal>()).ShouldBeInOrder(SortDirection.Descending);
        answer["warnings"]!.AsArray().ShouldNotBeEmpty();
        answer["device"]!["name"]!.GetValue<string>().ShouldBe("H100");
    }

    [Fact]
    public async Task The_profile_is_one_that_solve_takes()
    {
        await using var solving = new TestService(_database.ConnectionString);
        var profile = (await Service.PostAsync("/profiles/estimate", EstimateExample.Request()))["profile"]!;
        var options = new JsonObject { ["timeLimitSeconds"] = 1, ["targetGap"] = 1 };
        var answer = await solving.PostAsync("/schedules/solve", new JsonObject { ["profile"] = profile.DeepClone(), ["options"] = options });
        answer.Status.ShouldBe(200, answer.Text);
        answer["makespan"]!.GetValue<decimal>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Devices_are_listed_with_their_sources()
    {
        var devices = (await Service.GetAsync("/devices")).Json.AsArray();
        devices.Select(device => device!["name"]!.GetValue<string>()).ShouldBe(["A100", "H100", "H200", "GH200", "B200", "MI300X"]);
        devices.ShouldAllBe(device => device!["source"]!.GetValue<string>().Contains("data sheet", StringComparison.Ordinal));
        devices[1]!["flopsPerSecond"]!["bf16"]!.GetValue<double>().ShouldBe(989e12);
    }

    [Theory]
    [InlineData("device", "\"H1000\"", 400, "$.device")]
    [InlineData("tensorParallel", "7", 422, "$.tensorParallel")]
    [InlineData("sequence", "\"long\"", 400, "$.sequence")]
    [InlineData("pipeline", "{}", 400, "$.pipeline.devices")]
    [InlineData("pipelines", "{}", 400, "$.pipelines")]
    public async Task A_wrong_member_is_named(string member, string json, int status, string path)
    {
        var request = EstimateExample.Request();
        request[member] = JsonNode.Parse(json);
        var answer = await Service.PostAsync("/profiles/estimate", request);
        answer.Status.ShouldBe(status, answer.Text);
        answer["errors"]!.AsObject().ShouldContainKey(path);
    }
}

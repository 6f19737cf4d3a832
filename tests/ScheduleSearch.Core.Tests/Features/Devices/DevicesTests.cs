using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Features.Devices;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Devices;

/// <summary>Unequal devices: which problem of stages they make, what they go with, and how what is wrong is named.</summary>
public class DevicesTests
{
    private const string Stated = """
        {
          "pipeline": { "devices": 2, "chunks": 2, "placement": "v", "microbatches": 4 },
          "times": { "forward": [1, 2, 3, 4], "backwardInput": 2, "backwardWeight": [1, 1, 0, 3], "communication": 0.5 },
          "memory": { "unit": "GiB", "activation": 1 },
          "devices": [{ "speed": 2, "memory": 10 }, { "speed": 0.5, "memory": 6 }]
        }
        """;

    [Fact]
    public void Stages_take_the_times_of_their_devices_and_the_memory_is_a_limit_of_each()
    {
        // Device 0 has the first and the last stage.
        var stages = WrittenProfile.Read(Stated) with { Devices = null };
        stages = stages with
        {
            Times = stages.Times with
            {
                Forward = new[] { 0.5m, 4, 6, 2 },
                BackwardInput = new[] { 1m, 4, 4, 1 },
                BackwardWeight = new[] { 0.5m, 2, 0, 1.5m },
            },
            Memory = stages.Memory! with { Limit = new[] { 10m, 6 } },
        };
        var problem = Problem.Create(WrittenProfile.Read(Stated));
        problem.Id.ShouldBe(Problem.Create(stages).Id);
        problem.Profile.Devices.ShouldBeNull();
        problem.Lag(0, 1).ShouldBe(problem.TicksOf(0.5m));
    }

    [Fact]
    public void Speeds_of_1_are_no_speeds()
    {
        var profile = Shape.Profile(2, 4);
        Problem.Create(profile with { Devices = [new() { Speed = 1 }, new()] }).Id.ShouldBe(Problem.Create(profile).Id);
        Problem.Create(profile with { Devices = [new() { Speed = 1.001m }, new()] }).Id.ShouldNotBe(Problem.Create(profile).Id);
    }

    [Fact]
    public void A_profile_of_devices_reads_back_as_it_is_written()
    {
        var profile = WrittenProfile.Read(Stated);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) ProfileJson.Write(writer, profile);
        WrittenProfile.Read(Encoding.UTF8.GetString(buffer.ToArray())).Devices.ShouldBe(profile.Devices);
    }

    [Fact]
    public void Every_time_that_a_stage_takes_is_divided()
    {
        var profile = Shape.Profile(2, 4, forward: 2) with
        {
            Recompute = new() { Time = 4, Kept = 0.5m, Stages = [1] },
            Optimizer = new() { Step = 6 },
            Fill = [new() { Name = "encoder", Duration = 3, Device = 1 }],
            Devices = [new(), new() { Speed = 2 }],
        };
        var problem = Problem.Create(profile);
        problem.Profile.Times.Forward.Numbers.ShouldBe([2, 1]);
        problem.Profile.Recompute!.Time!.Numbers.ShouldBe([4, 2]);
        problem.Profile.Optimizer!.Step.Numbers.ShouldBe([6, 3]);
        // Work of a device is stated as it takes it.
        problem.Profile.Fill!.ShouldHaveSingleItem().Duration.ShouldBe(3);
    }

    [Theory]
    [InlineData("3", "1.5", "2")]
    [InlineData("18.522123", "2", "9.2610615")]
    [InlineData("1", "3", "0.3333334")]
    [InlineData("20", "3", "6.666667")]
    [InlineData("2000000", "3", "666666.7")]
    [InlineData("20000000", "3", "6666667")]
    [InlineData("0.000001", "0.7", "0.000001428572")]
    [InlineData("0", "7", "0")]
    public void A_quotient_that_is_no_decimal_is_rounded_up_to_seven_digits(string number, string divisor, string quotient) =>
        DecimalScale.Quotient(Number(number), Number(divisor)).ShouldBe(Number(quotient));

    [Fact]
    public void The_choice_of_a_placement_has_the_times_of_the_devices_in_each()
    {
        var shape = new PipelineShape { Devices = 2, Chunks = 2, Placement = PlacementChoice.Name, Microbatches = 4 };
        var profile = Shape.Profile(2, 4, forward: 3) with { Pipeline = shape, Devices = [new() { Speed = 1.5m }, new()] };
        var choice = Choice(profile);
        foreach (var alternative in choice.Alternatives.Where(alternative => alternative.Problem is not null))
        {
            var (placement, forward) = (alternative.Problem!.Placement, alternative.Problem.Profile.Times.Forward);
            var whole = 3m * 4 / placement.Stages;
            for (var stage = 0; stage < placement.Stages; stage++)
                forward[stage].ShouldBe(placement.DeviceOf(0, stage) == 0 ? whole / 1.5m : whole, $"{alternative.Placement}, stage {stage}");
        }

        // Two pipes have each stage on both devices.
        var refused = choice.Alternatives.Where(alternative => alternative.Placement == "bidirectional").ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(alternative => alternative.Reason!.Contains("use a placement of one pipe", StringComparison.Ordinal));
        choice.Id.ShouldNotBe(Choice(profile with { Devices = [new() { Speed = 1.25m }, new()] }).Id);
        choice.Id.ShouldNotBe(Choice(profile with { Devices = null }).Id);
        Choice(profile with { Devices = [new(), new()] }).Id.ShouldNotBe(choice.Id);
    }

    [Fact]
    public void Two_pipes_take_devices_whose_stages_have_one_speed()
    {
        var profile = Shape.Profile(4, 4, placement: "bidirectional", forward: 2);
        DeviceList devices = [new() { Speed = 2 }, new(), new(), new() { Speed = 2 }];
        Problem.Create(profile with { Devices = devices }).Profile.Times.Forward.Numbers.ShouldBe([1, 2, 2, 1]);
    }

    [Fact]
    public void Layers_that_are_dealt_out_take_the_times_of_the_devices()
    {
        var profile = Shape.Profile(2, 4) with
        {
            Pipeline = new() { Devices = 2, Microbatches = 4, Split = StageSplit.Of([3, 1]) },
            Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 },
            Memory = null,
            Layers = [new() { Name = "decoder", Count = 4, Forward = 2, BackwardInput = 2, BackwardWeight = 1, Activation = 1 }],
            Devices = [new() { Speed = 4, Memory = 9 }, new() { Memory = 3 }],
        };
        var problem = Problem.Create(profile);
        problem.Profile.Times.Forward.Numbers.ShouldBe([1.5m, 2]);
        problem.Profile.Memory!.Limit!.Numbers.ShouldBe([9, 3]);
        var choice = Choice(profile);
        choice.Alternatives.ShouldHaveSingleItem().Problem!.Id.ShouldBe(problem.Id);
        choice.Id.ShouldNotBe(Choice(profile with { Devices = [new() { Speed = 3, Memory = 9 }, new() { Memory = 3 }] }).Id);
        choice.Id.ShouldNotBe(Choice(profile with { Devices = [new() { Speed = 4, Memory = 8 }, new() { Memory = 3 }] }).Id);
    }

    [Fact]
    public void The_stages_that_recompute_are_searched_on_the_times_of_the_devices()
    {
        var profile = Shape.Profile(2, 4, forward: 2, limit: 3) with
        {
            Recompute = new() { Kept = 0.5m, IsLeftOpen = true },
            Devices = [new() { Speed = 2 }, new()],
        };
        foreach (var alternative in Choice(profile).Alternatives)
        {
            alternative.With.Keys.ShouldBe(["recompute.choose"]);
            alternative.Problem!.Profile.Times.Forward.Numbers.ShouldBe([1, 2]);
        }
    }

    [Theory]
    [InlineData("devices", """[{ "speed": 2 }]""", "$.profile.devices")]
    [InlineData("devices", """[{ "speed": 0 }, {}]""", "$.profile.devices[0].speed")]
    [InlineData("devices", """[{}, { "speed": -1 }]""", "$.profile.devices[1].speed")]
    [InlineData("devices", """[{}, { "speed": 1001 }]""", "$.profile.devices[1].speed")]
    [InlineData("devices", """[{}, { "speed": 1.0001 }]""", "$.profile.devices[1].speed")]
    [InlineData("devices", """[{ "memory": 0 }, { "memory": 5 }]""", "$.profile.devices[0].memory")]
    [InlineData("devices", """[{ "memory": 5 }, {}]""", "$.profile.devices[1].memory")]
    [InlineData("devices", """[{ "memory": 5 }, { "memory": 1 }]""", "$.profile.devices[1].memory")]
    [InlineData("memory", """{ "limit": 5, "activation": 1 }""", "$.profile.devices[0].memory")]
    [InlineData("memory", """{ "total": 5, "activation": 1 }""", "$.profile.devices[0].memory")]
    [InlineData("memory", """{ "retained": 1 }""", "$.profile.memory.activation")]
    [InlineData("times", """{ "forward": 0.000001, "backwardInput": 1, "backwardWeight": 1 }""", "$.profile.devices[0].speed")]
    [InlineData("vocabulary", """{ "size": 9, "forward": 1, "backward": 1 }""", "$.profile.devices")]
    [InlineData("overlap", """{ "duration": 5 }""", "$.profile.overlap.duration")]
    [InlineData("recompute", """{ "levels": [{ "kept": 0.5 }], "choose": "search" }""", "$.profile.recompute.levels")]
    [InlineData("pipeline", """{ "devices": 2, "chunks": 2, "placement": "bidirectional", "microbatches": 4 }""", "$.profile.devices[1].speed")]
    public void Bad_devices_are_named(string member, string value, string path)
    {
        var json = JsonNode.Parse(Stated)!;
        json[member] = JsonNode.Parse(value);
        var profile = WrittenProfile.Read(json.ToJsonString());
        Should.Throw<InvalidProfileException>(() => PlacementChoice.IsOne(profile) ? Choice(profile).Problems.First() : Problem.Create(profile))
            .Errors.ShouldContain(error => error.Path == path);
    }

    /// <summary>Where every alternative lacks memory, the devices are named too.</summary>
    [Fact]
    public void Memory_that_no_split_fits_is_named_by_the_device()
    {
        var profile = Shape.Profile(2, 4) with
        {
            Pipeline = new() { Devices = 2, Microbatches = 4 },
            Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 },
            Memory = null,
            Layers = [new ModelLayer { Name = "decoder", Count = 4, Forward = 2, BackwardInput = 2, BackwardWeight = 1, Activation = 3 }],
            Devices = [new() { Memory = 9 }, new() { Memory = 2 }],
        };
        Should.Throw<InvalidProfileException>(() => Choice(profile)).Errors.ShouldContain(error => error.Path == "$.profile.devices[1].memory");
    }

    private static PlacementChoice Choice(Profile profile) => PlacementChoice.Create(profile, Objective.Makespan, splitBackward: true);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Placements;

/// <summary>Devices that hold unequal numbers of stages: the list of an explicit placement says how many there are.</summary>
public class UnevenStagesTests
{
    private static readonly Problem FiveOnTwo = Problem.Create(Listed(devices: 2, [0, 1, 0, 1, 0]));

    [Fact]
    public void A_list_is_as_many_stages_as_it_has_entries()
    {
        FiveOnTwo.Stages.ShouldBe(5);
        FiveOnTwo.Placement.Pipes.ShouldBe(1);
        FiveOnTwo.Placement.StagesOn(0).Select(stage => stage.Stage).ShouldBe([0, 2, 4]);
        ShapeTitle.Of(FiveOnTwo).ShouldBe("explicit, p = 2, S = 5, m = 4");
    }

    [Fact]
    public void Times_are_given_for_each_of_them()
    {
        var profile = FiveOnTwo.Profile;
        Problem.Create(profile with { Times = profile.Times with { Forward = new[] { 1m, 2m, 3m, 4m, 5m } } }).Forward.Length.ShouldBe(5);
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile with { Times = profile.Times with { Forward = new[] { 1m, 2m, 3m, 4m } } }))
            .Errors.ShouldHaveSingleItem().Message.ShouldBe("Has 4 numbers; give one number, or 5, one for each stage.");
    }

    [Fact]
    public void Chunks_that_say_otherwise_are_refused_in_the_words_of_entries()
    {
        var profile = FiveOnTwo.Profile with { Pipeline = FiveOnTwo.Profile.Pipeline with { Chunks = 2 } };
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors.ShouldHaveSingleItem().ShouldBe(new ProfileError(
            "$.profile.pipeline.stageDevices",
            "Has 5 entries, one for each stage; devices x chunks = 4: leave chunks out, or give 4 entries, or 8 for two pipes."));
    }

    [Fact]
    public void Chunks_that_say_the_same_leave_the_id_as_it_is()
    {
        int[] map = [0, 1, 2, 2, 1, 0, 0, 1, 2];
        var given = Listed(devices: 3, map) is var profile ? profile with { Pipeline = profile.Pipeline with { Chunks = 3 } } : null!;
        Problem.Create(Listed(devices: 3, map)).Id.ShouldBe(Problem.Create(given).Id);
    }

    [Fact]
    public void Two_lists_are_two_pipes_however_many_stages_they_have_and_are_written_as_they_were_read()
    {
        const string nested = """[[0,1,0],[1,0,1]]""";
        var profile = Read(nested);
        var problem = Problem.Create(profile);
        (problem.Placement.Pipes, problem.Stages).ShouldBe((2, 3));
        Written(profile).ShouldContain(nested);
        foreach (var wrong in new[] { "[[0,1,0],[1,0]]", "[[0,1],[1,0],[0,1]]", "[[],[]]", "[]" })
        {
            Should.Throw<InvalidProfileException>(() => Problem.Create(Read(wrong))).Errors.ShouldHaveSingleItem()
                .Path.ShouldBe("$.profile.pipeline.stageDevices", wrong);
        }
    }

    [Fact]
    public void Runtimes_whose_ranks_hold_stages_as_they_are_told_carry_it_and_the_others_say_what_to_change()
    {
        var problem = Problem.Create(FiveOnTwo.Profile, splitBackward: false);
        var timeline = Replay.Run(InTurn(problem));
        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        foreach (var format in InstructionFormatCatalogue.All)
        {
            if (format.Name is "megatron-zb" or "deepspeed") format.WhyNot(timeline).ShouldNotBeNull(format.Name).Fix.ShouldContain("native");
            else Streams.Text(format.Name, timeline).ShouldNotBeEmpty(format.Name);
        }

        Streams.Refusal("megatron-zb", timeline).Member.ShouldBe("$.profile.pipeline.stageDevices");
        InstructionFormatCatalogue.Find("pytorch")!.SettingsFor(timeline).Select(setting => (setting.Name, setting.Value)).ShouldBe(
        [
            ("num_stages", "5"), ("n_microbatches", "4"), ("stage order", "own: build each rank's PipelineStages as placement.ranksOfStages says"),
            ("stage_index_to_group_rank", "{0: 0, 1: 1, 2: 0, 3: 1, 4: 0}"),
        ]);
    }

    /// <summary>One microbatch after the other.</summary>
    private static Schedule InTurn(Problem problem)
    {
        var graph = OperationGraph.Build(problem);
        return new(graph, [.. Enumerable.Range(0, problem.Devices).Select(device =>
            Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == device).ToArray())]);
    }

    private static Profile Read(string stageDevices)
    {
        var errors = new List<ProfileError>();
        using var document = JsonDocument.Parse(
            $$"""
            { "pipeline": { "devices": 2, "placement": "explicit", "stageDevices": {{stageDevices}}, "microbatches": 2 },
              "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 } }
            """);
        var profile = ProfileJson.ReadProfile(document.RootElement, "$.profile", errors);
        errors.ShouldBeEmpty();
        return profile!;
    }

    private static string Written(Profile profile)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output)) ProfileJson.Write(writer, profile);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static Profile Listed(int devices, int[] stageDevices) => Shape.Profile(devices, microbatches: 4, placement: "explicit") is var profile
        ? profile with { Pipeline = profile.Pipeline with { StageDevices = [.. stageDevices] } }
        : null!;
}

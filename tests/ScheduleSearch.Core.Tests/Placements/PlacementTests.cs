using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Placements;

public class PlacementTests
{
    [Theory]
    [InlineData("linear", 1, new[] { 0, 1, 2 })]
    [InlineData("interleaved", 2, new[] { 0, 1, 2, 0, 1, 2 })]
    [InlineData("v", 2, new[] { 0, 1, 2, 2, 1, 0 })]
    public void A_named_placement_puts_each_stage_on_its_device(string name, int chunks, int[] stageDevices)
    {
        var placement = Problem.Create(Shape.Profile(devices: 3, microbatches: 1, chunks, name)).Placement;

        placement.Name.ShouldBe(name);
        Enumerable.Range(0, placement.Stages).Select(stage => placement.DeviceOf(0, stage)).ShouldBe(stageDevices);
    }

    [Fact]
    public void An_explicit_placement_may_give_devices_different_numbers_of_stages()
    {
        var placement = new Placement("explicit", 2, [0, 0, 1, 0]);

        placement.StagesOn(0).Select(stage => stage.Stage).ShouldBe([0, 1, 3]);
        placement.StagesOn(1).ShouldBe([new StageOfPipe(0, 2)]);
        (placement.Devices, placement.Pipes, placement.Stages).ShouldBe((2, 1, 4));
    }

    [Fact]
    public void Two_pipes_may_cross_on_the_same_devices()
    {
        var placement = new Placement("both ways", 2, [0, 1], [1, 0]);

        placement.Pipes.ShouldBe(2);
        placement.StagesOn(0).ShouldBe([new StageOfPipe(0, 0), new StageOfPipe(1, 1)]);
    }

    [Theory]
    [InlineData(1, new[] { 0, 1, 2 }, new[] { 2, 1, 0 })]
    [InlineData(2, new[] { 0, 1, 2, 2, 1, 0 }, new[] { 2, 1, 0, 0, 1, 2 })]
    public void A_bidirectional_placement_has_a_pipe_each_way(int chunks, int[] first, int[] second)
    {
        var placement = Problem.Create(Shape.Profile(devices: 3, microbatches: 2, chunks, "bidirectional")).Placement;

        placement.Pipes.ShouldBe(2);
        Enumerable.Range(0, placement.Stages).Select(stage => placement.DeviceOf(0, stage)).ShouldBe(first);
        Enumerable.Range(0, placement.Stages).Select(stage => placement.DeviceOf(1, stage)).ShouldBe(second);
    }

    [Fact]
    public void An_explicit_placement_of_two_lists_has_two_pipes()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2, placement: "explicit");
        var placement = Problem.Create(profile with { Pipeline = profile.Pipeline with { StageDevices = [0, 1, 1, 0] } }).Placement;

        placement.Pipes.ShouldBe(2);
        placement.DeviceOf(1, 0).ShouldBe(1);
    }

    [Fact]
    public void A_placement_that_makes_no_sense_cannot_be_built()
    {
        Should.Throw<ArgumentException>(() => new Placement("idle", 2, [0, 0]));
        Should.Throw<ArgumentException>(() => new Placement("beyond", 2, [0, 2]));
        Should.Throw<ArgumentException>(() => new Placement("uneven", 2, [0, 1], [1]));
    }

    [Fact]
    public void Every_placement_is_found_by_its_name()
    {
        foreach (var definition in PlacementCatalogue.All) PlacementCatalogue.Find(definition.Name).ShouldBeSameAs(definition);
        PlacementCatalogue.Find("spiral").ShouldBeNull();
    }
}

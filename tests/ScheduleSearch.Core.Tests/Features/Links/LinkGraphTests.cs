using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>Which messages there are, on which lanes, and how long they take.</summary>
public class LinkGraphTests
{
    [Fact]
    public void A_message_stands_between_what_makes_and_what_waits_on_the_lane_of_its_link()
    {
        var graph = OperationGraph.Build(Linked.Problem(devices: 2, microbatches: 1, split: true));
        var messages = Linked.MessagesByLane(graph);
        messages.Keys.ShouldBe(["0 link to 1", "1 link to 0"]);
        messages["0 link to 1"].ShouldBe(["send of stage 0, microbatch 0"]);
        messages["1 link to 0"].ShouldBe(["sendGradient of stage 1, microbatch 0"]);

        var send = graph.IndexOf(new Operation(OperationKind.Send, 0, 0, 0));
        graph.Durations[send].ShouldBe(3);
        graph.DependenciesOf(send).ToArray().ShouldBe([new Dependency(graph.IndexOf(Operation.Forward(0, 0)), 0)]);
        graph.DependentsOf(send).ToArray().ShouldBe([new Dependency(graph.IndexOf(Operation.Forward(1, 0)), 0)]);
        var gradient = graph.IndexOf(new Operation(OperationKind.SendGradient, 0, 1, 0));
        graph.DependenciesOf(gradient).ToArray().ShouldBe([new Dependency(graph.IndexOf(Operation.BackwardInput(1, 0)), 0)]);
        graph.DependentsOf(gradient).ToArray().ShouldBe([new Dependency(graph.IndexOf(Operation.BackwardInput(0, 0)), 0)]);
        (graph.Acquired[send], graph.Released[send], graph.DeviceOf(send), graph.DeviceOf(gradient)).ShouldBe((0, 0, 0, 1));
    }

    [Fact]
    public void Of_each_device_there_is_one_lane_for_all_that_it_sends()
    {
        var messages = Linked.MessagesByLane(OperationGraph.Build(Linked.Problem(devices: 3, microbatches: 2, exclusive: Exclusivity.Device)));
        messages.Keys.ShouldBe(["0 link", "1 link", "2 link"]);
        messages["1 link"].ShouldBe(
        [
            "send of stage 1, microbatch 0", "sendGradient of stage 1, microbatch 0", "send of stage 1, microbatch 1", "sendGradient of stage 1, microbatch 1",
        ]);
    }

    [Fact]
    public void What_stays_on_its_device_takes_no_link()
    {
        var graph = OperationGraph.Build(Linked.Problem(devices: 2, microbatches: 1, chunks: 2, placement: "v"));
        var messages = Linked.MessagesByLane(graph);
        messages["0 link to 1"].ShouldBe(["send of stage 0, microbatch 0", "sendGradient of stage 3, microbatch 0"]);
        messages["1 link to 0"].ShouldBe(["send of stage 2, microbatch 0", "sendGradient of stage 1, microbatch 0"]);
        graph.DependenciesOf(graph.IndexOf(Operation.Forward(2, 0))).ToArray().ShouldBe([new Dependency(graph.IndexOf(Operation.Forward(1, 0)), 0)]);

        var alone = Linked.Problem(devices: 1, microbatches: 2, chunks: 2, placement: "v");
        OperationGraph.Build(alone).Lanes.Count.ShouldBe(1);
        alone.Features.ShouldBeEmpty();
    }

    [Fact]
    public void Two_pipes_share_the_links_that_both_take()
    {
        var messages = Linked.MessagesByLane(OperationGraph.Build(Linked.Problem(devices: 2, microbatches: 2, placement: "bidirectional")));
        messages.Keys.ShouldBe(["0 link to 1", "1 link to 0"]);
        messages["0 link to 1"].ShouldBe(["send of stage 0, microbatch 0", "sendGradient of stage 1, microbatch 1, pipe 1"]);
        messages["1 link to 0"].ShouldBe(["sendGradient of stage 1, microbatch 0", "send of stage 0, microbatch 1, pipe 1"]);
    }

    [Fact]
    public void Each_slice_is_sent_by_itself()
    {
        var profile = Linked.With(Shape.Profile(2, 1), new() { Latency = 3, Exclusive = Exclusivity.Link }) with { Slices = new() { Count = 2 } };
        var messages = Linked.MessagesByLane(OperationGraph.Build(Problem.Create(profile)));
        messages["0 link to 1"].ShouldBe(["send of stage 0, microbatch 0", "send of stage 0, microbatch 0, slice 1"]);
        messages["1 link to 0"].ShouldBe(["sendGradient of stage 1, microbatch 0, slice 1", "sendGradient of stage 1, microbatch 0"]);
    }

    [Theory]
    [InlineData(Exclusivity.None)]
    [InlineData(Exclusivity.Link)]
    public void Bytes_over_bandwidth_come_to_the_latency_and_a_gradient_is_as_large_as_what_it_is_of(Exclusivity exclusive)
    {
        var problem = Problem.Create(Linked.With(Shape.Profile(3, 1), new()
        {
            Latency = LinkValues.Each([[0, 1, 0], [2, 0, 0], [0, 0, 0]]),
            Bandwidth = LinkValues.Each([[0, 4, 1], [8, 0, 5], [1, 2, 0]]),
            Bytes = new[] { 8m, 10m, 99m },
            Exclusive = exclusive,
        }));
        (problem.LagBetween(0, 0, 1), problem.LagBetween(0, 1, 2), problem.LagBetween(0, 2, 1), problem.LagBetween(0, 1, 0)).ShouldBe((3, 2, 5, 3));
        var graph = OperationGraph.Build(problem);
        graph.Count.ShouldBe(exclusive == Exclusivity.None ? 9 : 13);
        if (exclusive == Exclusivity.None) graph.Lanes.Count.ShouldBe(3);
        else graph.Durations[graph.IndexOf(new Operation(OperationKind.SendGradient, 0, 2, 0))].ShouldBe(5);
    }

    [Fact]
    public void What_does_not_come_out_even_is_rounded_to_nine_digits()
    {
        var problem = Problem.Create(Linked.With(Shape.Profile(2, 1), new() { Bandwidth = 3, Bytes = 1 }));
        problem.TimeScale.FromTicks(problem.LagBetween(0, 0, 1)).ShouldBe(0.333333333m);
    }
}

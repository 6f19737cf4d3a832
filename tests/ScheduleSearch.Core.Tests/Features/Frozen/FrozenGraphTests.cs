using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Frozen;

/// <summary>Stages without a backward: what there is of them, what they hold, and what families, bounds and formats make of it.</summary>
public class FrozenGraphTests
{
    /// <summary>A frozen encoder on the first stage, before three that are trained, on slow links.</summary>
    private static readonly Profile Encoder = Shape.Profile(devices: 4, microbatches: 8, communication: 20, limit: 10) with
    {
        Times = new()
        {
            Forward = new[] { 6m, 4m, 4m, 5m },
            BackwardInput = new[] { 0m, 4m, 4m, 5m },
            BackwardWeight = new[] { 0m, 4m, 4m, 5m },
            Communication = 20,
        },
    };

    private static readonly Profile ForwardOnly = Shape.Profile(devices: 4, microbatches: 8, backwardInput: 0, backwardWeight: 0, communication: 1);

    [Fact]
    public void Gradients_of_no_time_up_to_a_stage_are_none_and_nobody_waits_for_them()
    {
        var problem = Problem.Create(Encoder);
        var graph = OperationGraph.Build(problem);
        problem.FrozenStages.ShouldBe(1);
        graph.Operations.ToArray().Where(operation => operation.Stage == 0).ShouldAllBe(operation => operation.Kind == OperationKind.Forward);
        graph.Count.ShouldBe(8 * (1 + 3 * 3));
        var lowest = graph.IndexOf(Operation.BackwardInput(1, 0));
        graph.DependentsOf(lowest).ToArray().Select(dependent => graph.Operations[dependent.Operation]).ShouldBe([Operation.BackwardWeight(1, 0)]);
    }

    [Fact]
    public void A_member_says_otherwise_where_times_do_not()
    {
        Problem.Create(Encoder with { Frozen = new() { Stages = [] } }).FrozenStages.ShouldBe(0);
        Problem.Create(Encoder with { Frozen = new() { Stages = [0, 1] } }).FrozenStages.ShouldBe(2);
        Problem.Create(Shape.Profile(devices: 4, microbatches: 8) with { Frozen = new() }).FrozenStages.ShouldBe(4);
        Problem.Create(Shape.Profile(devices: 4, microbatches: 8, backwardWeight: 0)).FrozenStages.ShouldBe(0);
        Problem.Create(Encoder with { Mode = IterationMode.Train }).FrozenStages.ShouldBe(0);
        Problem.Create(Encoder with { Mode = IterationMode.Train, Frozen = new() { Stages = [0] } }).FrozenStages.ShouldBe(1);
        Problem.Create(Encoder with { Mode = IterationMode.Forward }).FrozenStages.ShouldBe(4);
        Should.Throw<InvalidProfileException>(() => Problem.Create(Encoder with { Mode = IterationMode.Forward, Frozen = new() })).Errors
            .ShouldHaveSingleItem().Path.ShouldBe("$.profile.frozen");
        Should.Throw<InvalidProfileException>(() => Problem.Create(Encoder with { Frozen = new() { Stages = [1] } })).Errors
            .ShouldHaveSingleItem().Path.ShouldBe("$.profile.frozen.choose");
    }

    [Fact]
    public void The_same_stages_are_the_same_problem_whoever_says_so()
    {
        var id = Problem.Create(Encoder).Id;
        Problem.Create(Encoder with { Frozen = new() { Stages = [0] } }).Id.ShouldBe(id);
        Problem.Create(Encoder with { Frozen = new() { Stages = [] } }).Id.ShouldNotBe(id);
        Problem.Create(Encoder with { Mode = IterationMode.Forward }).Id.ShouldNotBe(id);
        Problem.Create(Encoder with { Mode = IterationMode.Forward }).Id.ShouldBe(Problem.Create(Encoder with { Frozen = new() }).Id);
        var trained = Shape.Profile(devices: 2, microbatches: 2);
        Problem.Create(trained with { Frozen = new() { Stages = [] } }).Id.ShouldBe(Problem.Create(trained).Id);
    }

    [Fact]
    public void A_choice_of_placements_tells_listed_stages_from_those_without_time()
    {
        var open = Encoder with { Pipeline = Encoder.Pipeline with { Devices = 2, Chunks = 2, Placement = "best" }, Memory = null };
        string IdOf(Profile profile) => PlacementChoice.Create(profile, Objective.Makespan, splitBackward: true).Id;
        IdOf(open with { Frozen = new() { Stages = [0] } }).ShouldNotBe(IdOf(open));
        IdOf(open with { Mode = IterationMode.Forward }).ShouldBe(IdOf(open with { Frozen = new() }));
    }

    [Fact]
    public void What_is_left_without_backwards_has_to_take_time() =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(Shape.Profile(2, 2, forward: 0) with { Mode = IterationMode.Forward })).Errors
            .ShouldHaveSingleItem().Path.ShouldBe("$.profile.times.forward");

    [Fact]
    public void A_forward_that_no_backward_follows_holds_its_activation_while_it_runs()
    {
        var problem = Problem.Create(ForwardOnly with { Memory = new() { Activation = 3, Limit = 3 } });
        var graph = OperationGraph.Build(problem);
        graph.Holdings.ToArray().ShouldAllBe(holding => holding.From == holding.To && holding.Units == 3);
        problem.LeastMemory(0, 0).ShouldBe(3);
    }

    [Fact]
    public void Slices_leave_their_keys_and_values_until_the_last_forward()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2, activation: 4) with { Slices = new() { Count = 2, KeyValue = 1 }, Frozen = new() });
        var graph = OperationGraph.Build(problem);
        decimal[] peaks = [.. ScheduleMetrics.Of(Replay.Run(new Schedule(graph, [Enumerable.Range(0, graph.Count).ToArray()])))
            .PeakMemory.Select(problem.MemoryScale.FromTicks)];
        peaks.ShouldBe([4m]);
        graph.Count.ShouldBe(4);
    }

    [Fact]
    public void Families_give_their_order_without_those_backwards()
    {
        var problem = Problem.Create(Encoder);
        var seen = 0;
        foreach (var family in FamilyCatalogue.Admitted(problem))
        {
            var timeline = Replay.Run(family.ScheduleOf(problem));
            if (timeline.Schedule.FitsMemory()) Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty(family.Name);
            BoundCatalogue.Best(problem).Ticks.ShouldBeLessThanOrEqualTo(ScheduleMetrics.Of(timeline).Objective, family.Name);
            seen++;
        }

        seen.ShouldBeGreaterThan(6);
    }

    [Fact]
    public void A_forward_whose_partner_there_is_not_runs_alone()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2) with { Frozen = new(), Overlap = new() { Duration = 2 } });
        Operation[] order = [Operation.Forward(0, 0), Operation.Forward(0, 1).InPair(PlaceInPair.First), Operation.Backward(0, 0).InPair(PlaceInPair.Second)];
        new FrozenFeature().Complete(problem, [order]).ShouldHaveSingleItem().ShouldBe([Operation.Forward(0, 0), Operation.Forward(0, 1)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forwards_alone_take_their_way_and_the_work_of_a_stage(bool split) =>
        BoundCatalogue.Best(Problem.Create(ForwardOnly, splitBackward: split)).Ticks.ShouldBe(Problem.Create(ForwardOnly).TimeScale.ToTicks(14));

    [Fact]
    public void The_native_stream_sends_no_gradient_below_and_says_how_many_are_frozen()
    {
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(Encoder)));
        var stream = Streams.Json("native", timeline);
        stream.GetProperty("frozenStages").GetInt32().ShouldBe(1);
        var ranks = stream.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetProperty("instructions").GetRawText()).ToList();
        ranks[0].ShouldNotContain("gradient");
        ranks[0].ShouldNotContain("backward");
        ranks[1].ShouldContain("\"what\":\"gradient\"");
        Streams.Json("native", Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(Shape.Profile(2, 2)))))
            .TryGetProperty("frozenStages", out _).ShouldBeFalse();
    }

    [Fact]
    public void Runtimes_that_expect_a_backward_of_every_stage_say_so()
    {
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(Encoder, splitBackward: false)));
        string[] carrying = ["native", "chrome-trace", "csv", "timeline", "svg"];
        foreach (var format in InstructionFormatCatalogue.All)
        {
            if (carrying.Contains(format.Name)) Streams.Text(format.Name, timeline).ShouldNotBeEmpty(format.Name);
            else Streams.Refusal(format.Name, timeline).Member.ShouldBe("$.profile.frozen", format.Name);
        }
    }

    [Fact]
    public void Two_pipes_sum_the_gradients_of_the_other_stages_alone()
    {
        var problem = Problem.Create(Shape.Profile(2, 4, placement: "bidirectional") with { Frozen = new() { Stages = [0] } });
        var instructions = Streams.Json("native", Replay.Run(FamilyCatalogue.Find("dualpipe")!.ScheduleOf(problem))).GetProperty("ranks").EnumerateArray()
            .SelectMany(rank => rank.GetProperty("instructions").EnumerateArray()).Where(step => step.GetProperty("op").GetString() == "allReduce");
        instructions.Select(step => step.GetProperty("stage").GetInt32()).Distinct().ShouldBe([1]);
    }
}

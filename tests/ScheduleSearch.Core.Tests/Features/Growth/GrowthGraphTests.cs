using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Growth;

/// <summary>What is retained beyond the activation, when it is taken, and what that changes.</summary>
public class GrowthGraphTests
{
    private static readonly Problem Grown = Problem.Create(Shape.Profile(devices: 2, microbatches: 3, activation: 3, retained: 5));

    [Fact]
    public void The_input_gradient_takes_the_growth_and_the_weight_gradient_frees_all()
    {
        var graph = OperationGraph.Build(Grown);
        var forward = Index(graph, OperationKind.Forward);
        var (input, weight) = (Index(graph, OperationKind.BackwardInput), Index(graph, OperationKind.BackwardWeight));
        (graph.Acquired[forward], graph.Released[forward]).ShouldBe((3, 0));
        (graph.Acquired[input], graph.Released[input]).ShouldBe((2, 0));
        (graph.Acquired[weight], graph.Released[weight]).ShouldBe((0, 5));
        graph.Holdings.ToArray().ShouldContain(new Holding(input, weight, 2));
    }

    [Fact]
    public void A_fused_backward_holds_it_while_it_runs_alone_or_in_a_pair()
    {
        var fused = OperationGraph.Build(Grown, OperationSelection.Finest(Problem.Create(Grown.Profile, splitBackward: false)));
        var backward = Index(fused, OperationKind.Backward);
        (fused.Acquired[backward], fused.Released[backward]).ShouldBe((2, 5));

        var paired = Problem.Create(Shape.Profile(4, 8, placement: "bidirectional", activation: 3, retained: 5) with { Overlap = new() { Duration = 3 } });
        var schedule = FamilyCatalogue.Find("dualpipe")!.ScheduleOf(paired);
        var inPair = Enumerable.Range(0, schedule.Graph.Count).First(operation => schedule.Graph.Operations[operation].EndsPair);
        (schedule.Graph.Acquired[inPair], schedule.Graph.Released[inPair]).ShouldBe((2, 5));
        Verifier.Check(paired, TimedOperation.DevicesOf(Replay.Run(schedule))).ShouldBeEmpty();
    }

    [Fact]
    public void What_one_microbatch_needs_in_any_order_is_that_of_its_backward_beside_the_stages_before()
    {
        Problem Limited(decimal limit) => Problem.Create(Shape.Profile(devices: 1, microbatches: 2, chunks: 2, "v") with
        {
            Memory = new() { Activation = new[] { 4m, 3m }, Retained = new[] { 6m, 5m }, Limit = StageValues.Same(limit) },
        });
        Limited(9).LeastMemory(0, 0).ShouldBe(9);
        var error = Should.Throw<InvalidProfileException>(() => Limited(8.5m)).Errors.ShouldHaveSingleItem();
        error.Message.ShouldBe("Device 0 needs at least 9 in any order, the activations of its stages with what is retained beyond them; the limit is 8.5.");
        error.Kind.ShouldBe(ProfileErrorKind.Impossible);
    }

    [Fact]
    public void Slices_grow_one_after_the_other()
    {
        // Three slices of 2, each growing by 4: the last one's backward finds all three, the first one's none of the others.
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 1, activation: 6, retained: 18) with { Slices = new() { Count = 3 } });
        Enumerable.Range(0, 3).Select(slice => Units(problem.GrowthOf(0, slice))).ShouldBe([4, 4, 4]);
        Units(problem.LeastMemory(0, 0)).ShouldBe(10);
        var order = OperationGraph.Build(problem);
        ScheduleMetrics.Of(Replay.Run(new Schedule(order, [Enumerable.Range(0, order.Count).ToArray()]))).PeakMemory.Select(Units).ShouldBe([10]);

        decimal Units(long units) => problem.MemoryScale.FromTicks(units);
    }

    [Fact]
    public void What_is_retained_is_part_of_the_id_and_no_more_than_the_activation_leaves_the_problem_as_it_was()
    {
        Problem.Create(Shape.Profile(devices: 2, microbatches: 3, activation: 3, retained: 3)).Features.ShouldBeEmpty();
        Grown.Features.Select(feature => feature.Member).ShouldBe(["profile.memory.retained"]);
        Grown.Id.ShouldNotBe(Problem.Create(Shape.Profile(devices: 2, microbatches: 3, activation: 3, retained: 3)).Id);
    }

    [Fact]
    public void Bounds_families_and_formats_take_it()
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, limit: 6, activation: 1, retained: 1.3m));
        foreach (var bound in BoundCatalogue.All.Where(bound => bound.Ticks(Without(problem)) is not null)) bound.Ticks(problem).ShouldNotBeNull(bound.Name);
        FamilyCatalogue.Admitted(problem).Select(family => family.Name).ShouldBe(FamilyCatalogue.Admitted(Without(problem)).Select(family => family.Name));
        var timeline = Replay.Run(FamilyCatalogue.Find("zb-h1")!.ScheduleOf(problem));
        foreach (var format in InstructionFormatCatalogue.All)
            format.WhyNot(timeline)?.Member.ShouldNotBe("$.profile.memory.retained", format.Name);
    }

    [Theory]
    [InlineData("zb-auto", "linear", 1)]
    [InlineData("zb-v-auto", "v", 2)]
    [InlineData("building-block", "v", 2)]
    [InlineData("building-block-linear", "linear", 1)]
    public void Families_that_plan_their_memory_keep_within_it(string name, string placement, int chunks)
    {
        var (family, within) = (FamilyCatalogue.Find(name).ShouldNotBeNull(), 0);
        for (var tenths = 13 * chunks; tenths <= 140; tenths += 3)
        {
            var problem = Problem.Create(Shape.Profile(4, 12, chunks, placement, limit: tenths / 10m, activation: 1, retained: 1.3m));
            if (FamilyCatalogue.WhyNot(family, problem) is not null) continue;
            family.ScheduleOf(problem).FitsMemory().ShouldBeTrue($"{name} within {tenths / 10m}");
            within++;
        }

        within.ShouldBeGreaterThan(20);
    }

    private static Problem Without(Problem problem) =>
        Problem.Create(problem.Profile with { Memory = problem.Profile.Memory! with { Retained = null } }, problem.Objective, problem.SplitBackward);

    private static int Index(OperationGraph graph, OperationKind kind) => graph.IndexOf(new Operation(kind, 0, 1, 2));
}

using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

public class SliceAndRecomputeTests
{
    [Theory]
    [InlineData(2, 114, new long[] { 5, 4, 3, 2 })]
    [InlineData(4, 105, new long[] { 7, 6, 5, 4 })]
    public void Seq1F1B_costs_the_worked_numbers(int slices, long makespan, long[] peak)
    {
        var (problem, metrics) = Measure("seq1f1b", Sliced(devices: 4, microbatches: 8, slices, forward: 4, backwardInput: 4, backwardWeight: 4));

        problem.TimeScale.FromTicks(metrics.Makespan).ShouldBe(makespan);
        metrics.PeakMemory.Select(units => problem.MemoryScale.FromTicks(units) * slices).ShouldBe(peak.Select(held => (decimal)held));
        Measure("1f1b", Shape.Profile(4, 8, forward: 4, backwardInput: 4, backwardWeight: 4)).Metrics.Makespan.ShouldBe(132);
    }

    [Fact]
    public void Seq1F1B_divides_the_bubble_by_the_slices()
    {
        foreach (var p in new[] { 1, 2, 3, 5, 8, 12 })
        {
            foreach (var n in new[] { 2, 3, 4, 6 })
            {
                foreach (var m in new[] { p, p + 1, 2 * p + 1 })
                {
                    var (problem, metrics) = Measure("seq1f1b", Sliced(p, m, n, forward: n, backwardInput: n, backwardWeight: 2 * n, activation: n));
                    problem.TimeScale.FromTicks(metrics.Makespan).ShouldBe((m * n + p - 1) * 4);
                    metrics.PeakMemory.Select(problem.MemoryScale.FromTicks).ShouldBe(Enumerable.Range(0, p).Select(d => (decimal)(p - 1 - d + n)));
                }
            }
        }
    }

    [Fact]
    public void Slices_of_equal_work_shorten_seq1f1b_under_causal_attention()
    {
        decimal Makespan(SequenceCut cut)
        {
            var profile = Shape.Profile(devices: 4, microbatches: 8, forward: 100, backwardInput: 100, backwardWeight: 100);
            var (problem, metrics) = Measure("seq1f1b", profile with { Slices = new() { Count = 4, Sequence = 32768, Hidden = 1024, Cut = cut } });
            return problem.TimeScale.FromTicks(metrics.Makespan);
        }

        Makespan(SequenceCut.EqualFlops).ShouldBeLessThan(Makespan(SequenceCut.Even));
        // Within rounding of the cuts to whole tokens.
        Makespan(SequenceCut.EqualFlops).ShouldBe(300m * 8 + 3 * 300m / 4, tolerance: 0.2m);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void Seq1F1B_says_that_it_needs_slices(int? count)
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4) with { Slices = count is { } slices ? new() { Count = slices } : null };

        FamilyCatalogue.WhyNot(Find("seq1f1b"), Problem.Create(profile)).ShouldBe("Runs the slices of microbatches: give profile.slices with a count of 2 or more.");
        FamilyCatalogue.Admitted(Problem.Create(profile)).Select(family => family.Name).ShouldContain("1f1b");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void GPipe_that_computes_again_pays_for_it_once_a_microbatch(int p)
    {
        foreach (var (F, B, W, R) in new[] { (1, 1, 1, 1), (2, 3, 0, 2), (3, 1, 5, 2) })
        {
            foreach (var m in new[] { 1, p, 3 * p })
            {
                var profile = Shape.Profile(p, m, forward: F, backwardInput: B, backwardWeight: W, activation: 10);
                var (_, metrics) = Measure("gpipe-recompute", profile with { Recompute = new() { Kept = 1, Time = R } });
                metrics.Makespan.ShouldBe((m + p - 1) * (F + B + W) + m * R);
                metrics.PeakMemory.ShouldAllBe(held => held == m + 9);
            }
        }
    }

    [Fact]
    public void GPipe_that_computes_again_says_that_it_needs_recompute_on_all_stages()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4);
        string? WhyNot(ActivationRecompute? recompute) => FamilyCatalogue.WhyNot(Find("gpipe-recompute"), Problem.Create(profile with { Recompute = recompute }));

        WhyNot(null).ShouldBe("Recomputes forwards: give profile.recompute.");
        WhyNot(new() { Kept = 0, Stages = [1] }).ShouldBe("Recomputes the forwards of all stages: leave profile.recompute.choose out.");
        WhyNot(new() { Kept = 0, Stages = [1, 0] }).ShouldBeNull();
    }

    [Fact]
    public void Forwards_are_computed_again_directly_before_their_backward_or_its_pair_on_the_stages_that_do()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional") with { Recompute = new() { Kept = 0, Stages = [0] } });
        var order = Find("dualpipe").CompleteOrder(problem);

        var again = 0;
        foreach (var operations in order)
        {
            for (var place = 0; place < operations.Count; place++)
            {
                if (operations[place].Kind != OperationKind.Recompute) continue;
                again++;
                operations[place].Stage.ShouldBe(0);
                var backward = operations[place + 1].IsForward ? operations[place + 2] : operations[place + 1];
                backward.ShouldBe(operations[place] with { Kind = backward.Kind });
                backward.IsForward.ShouldBeFalse();
            }
        }

        again.ShouldBe(4);
        FamilyTests.ShouldRun(Find("dualpipe"), problem);
    }

    [Theory]
    [InlineData("zb-auto", "linear", 1)]
    [InlineData("zb-v-auto", "v", 2)]
    [InlineData("building-block", "v", 2)]
    public void Families_that_plan_by_memory_plan_or_refuse_where_only_kept_parts_fit(string name, string placement, int chunks)
    {
        foreach (var limit in new[] { 11, 12, 20, 24, 50 })
        {
            var profile = Shape.Profile(devices: 4, microbatches: 12, chunks, placement, limit: limit, activation: 10);
            var problem = Problem.Create(profile with { Recompute = new() { Kept = 1 } });
            if (FamilyCatalogue.WhyNot(Find(name), problem) is { } why) why.ShouldEndWith("raise the limit.");
            else FamilyTests.ShouldRun(Find(name), problem);
        }
    }

    private static Profile Sliced(int devices, int microbatches, int slices, decimal forward, decimal backwardInput, decimal backwardWeight, decimal activation = 1) =>
        Shape.Profile(devices, microbatches, forward: forward, backwardInput: backwardInput, backwardWeight: backwardWeight, activation: activation)
            with
        { Slices = new() { Count = slices } };

    private static (Problem Problem, ScheduleMetrics Metrics) Measure(string name, Profile profile)
    {
        var problem = Problem.Create(profile);
        FamilyCatalogue.WhyNot(Find(name), problem).ShouldBeNull();
        return (problem, ScheduleMetrics.Of(Replay.Run(Find(name).ScheduleOf(problem))));
    }

    private static IScheduleFamily Find(string name) => FamilyCatalogue.All.Single(family => family.Name == name);
}

using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

/// <summary>What a family costs on equal stages, in closed form.</summary>
public class ClosedFormTests
{
    private static readonly (long F, long B, long W)[] Times = [(1, 1, 1), (1, 2, 0), (3, 1, 2), (2, 5, 1), (2, 1, 5), (18, 18, 9)];

    public static TheoryData<int> Devices => [.. Enumerable.Range(1, 8), 12];

    [Theory]
    [MemberData(nameof(Devices))]
    public void GPipe_costs_one_backward_and_forward_for_each_microbatch_and_each_stage_but_one(int p)
    {
        foreach (var (m, (F, B, W)) in Cases(1, p - 1, p, 2 * p + 1))
        {
            var metrics = Measure("gpipe", Shape.Profile(p, m, forward: F, backwardInput: B, backwardWeight: W));
            metrics.Makespan.ShouldBe((m + p - 1) * (F + B + W));
            metrics.PeakMemory.ShouldBe(Enumerable.Repeat((long)m, p));
            metrics.BubbleRatio.ShouldBe((p - 1) / (double)(m + p - 1), tolerance: 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void One_forward_one_backward_costs_as_much_as_GPipe_and_holds_at_most_p_microbatches(int p)
    {
        foreach (var (m, (F, B, W)) in Cases(1, p - 1, p, 2 * p + 1))
        {
            var metrics = Measure("1f1b", Shape.Profile(p, m, forward: F, backwardInput: B, backwardWeight: W));
            metrics.Makespan.ShouldBe((m + p - 1) * (F + B + W));
            metrics.PeakMemory.ShouldBe(ByDevice(p, d => Math.Min(p - d, m)));
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Eager_one_forward_one_backward_pays_latency_once_down_and_once_up(int p)
    {
        foreach (var (m, (F, B, W)) in Cases(1, p - 1, p, 2 * p + 1))
        {
            foreach (var c in new[] { 0, (F + B + W) / 2 })
            {
                var metrics = Measure("eager-1f1b", Shape.Profile(p, m, forward: F, backwardInput: B, backwardWeight: W, communication: c));
                metrics.Makespan.ShouldBe((m + p - 1) * (F + B + W) + 2 * (p - 1) * c);
                metrics.PeakMemory.ShouldBe(ByDevice(p, d => Math.Min(2 * (p - d) - 1, m)));
            }
        }
    }

    [Fact]
    public void Latency_slows_the_steady_state_of_one_forward_one_backward_but_not_of_the_eager_one()
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, communication: 1);

        Measure("1f1b", profile).Makespan.ShouldBe(49);
        Measure("eager-1f1b", profile).Makespan.ShouldBe(39);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void ZB_H1_leaves_a_bubble_of_one_backward_input_for_each_other_device(int p)
    {
        foreach (var (m, (F, B, W)) in Cases(p, p + 1, 3 * p))
        {
            foreach (var objective in Enum.GetValues<Objective>())
            {
                var profile = Shape.Profile(p, m, forward: F, backwardInput: B, backwardWeight: W, activation: 5, retained: 2);
                var metrics = Measure("zb-h1", profile, objective);
                metrics.Span.ShouldBe(Ticks(objective) * (m * (F + B + W) + (p - 1) * Math.Max(B, F + B - W)));
                metrics.PeakMemory.ShouldBe(ByDevice(p, d => (p - d) * 5 + d * 2));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void ZB_H2_leaves_no_bubble_in_the_span_when_its_operations_take_equal_times(int p)
    {
        foreach (var (m, (F, B, W)) in Cases(2 * p - 1, 2 * p, 4 * p))
        {
            foreach (var objective in Enum.GetValues<Objective>())
            {
                var profile = Shape.Profile(p, m, forward: F, backwardInput: B, backwardWeight: W, activation: 5, retained: 2);
                var metrics = Measure("zb-h2", profile, objective);
                metrics.Span.ShouldBe(Ticks(objective) * (m * (F + B + W) + (p - 1) * Math.Max(0, Math.Max(B - F, F + B - 2 * W))));
                metrics.PeakMemory.ShouldBe(ByDevice(p, d => (2 * (p - d) - 1) * 5 + 2 * d * 2));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void ZB_V_leaves_no_bubble_in_the_span_and_holds_two_chunks_a_device(int p)
    {
        foreach (var m in new[] { 2 * p, 2 * p + 1, 4 * p })
        {
            var metrics = Measure("zb-v", Shape.Profile(p, m, chunks: 2, "v", forward: 3, backwardInput: 3, backwardWeight: 3));
            metrics.Span.ShouldBe(3 * 6 * m);
            metrics.Makespan.ShouldBe(3 * (6 * m + p - 1));
            metrics.PeakMemory.ShouldBe(Enumerable.Repeat(2L * p, p));
        }
    }

    [Fact]
    public void ZB_V_with_few_microbatches_is_a_longer_one_cut_short()
    {
        var family = Find("zb-v");
        var cut = Problem.Create(Shape.Profile(devices: 5, microbatches: 3, chunks: 2, "v"));
        var whole = Problem.Create(Shape.Profile(devices: 5, microbatches: 9, chunks: 2, "v"));

        family.Order(cut).ShouldBe(family.Order(whole).Select(order => order.Where(operation => operation.Microbatch < 3).ToList()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Interleaving_divides_the_bubble_by_the_chunks(int p)
    {
        for (var v = 2; v <= 4; v++)
        {
            foreach (var (m, (F, B, W)) in Cases(p, 2 * p, 3 * p))
            {
                var metrics = Measure(
                    "interleaved-1f1b", Shape.Profile(p, m, chunks: v, "interleaved", forward: F, backwardInput: B, backwardWeight: W));
                metrics.Makespan.ShouldBe((m * v + p - 1) * (F + B + W));
                metrics.PeakMemory.ShouldBe(ByDevice(p, d => Math.Min(2 * (p - 1 - d) + (v - 1) * p + 1, m * v)));
            }
        }
    }

    private static ScheduleMetrics Measure(string name, Profile profile, Objective objective = Objective.Makespan)
    {
        var problem = Problem.Create(profile, objective);
        FamilyCatalogue.WhyNot(Find(name), problem).ShouldBeNull();
        return ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, Find(name).Order(problem))));
    }

    private static IScheduleFamily Find(string name) => FamilyCatalogue.All.Single(family => family.Name == name);

    private static IEnumerable<(int Microbatches, (long F, long B, long W) Times)> Cases(params int[] microbatches) =>
        from m in microbatches.Distinct() where m > 0 from times in Times select (m, times);

    private static IEnumerable<long> ByDevice(int p, Func<int, long> value) => Enumerable.Range(0, p).Select(value);

    /// <summary>Problems judged by span have finer ticks.</summary>
    private static long Ticks(Objective objective) => objective == Objective.Span ? 1_000_000 : 1;
}

using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

/// <summary>Breadth-first, grouped interleaving, waves, 2BP and units: what they cost on equal stages, and what they refuse.</summary>
public class OnePipeFormTests
{
    public static TheoryData<int> Devices => [.. Enumerable.Range(2, 11)];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Breadth_first_costs_what_interleaving_costs_and_holds_everything(int p)
    {
        foreach (var v in new[] { 1, 2, 4 })
        {
            foreach (var m in new[] { p, p + 1, 2 * p })
            {
                var metrics = Measure("breadth-first", Shape.Profile(p, m, v, "interleaved", forward: 2, backwardInput: 3, backwardWeight: 1));
                metrics.Makespan.ShouldBe((m * v + p - 1) * 6);
                metrics.PeakMemory.ShouldAllBe(peak => peak == m * v);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Breadth_first_groups_hold_less_and_their_times_add_up(int p)
    {
        long TimeOf(int size, int v) => ((v - 1) * Math.Max(size, p) + size + p - 1) * 6;
        foreach (var size in new[] { 1, p - 1, p, p + 1 })
        {
            foreach (var v in new[] { 1, 2, 4 })
            {
                var metrics = Measure(
                    $"breadth-first-{size}", Shape.Profile(p, 3 * size - 1, v, "interleaved", forward: 2, backwardInput: 3, backwardWeight: 1));
                metrics.Makespan.ShouldBe(2 * TimeOf(size, v) + (size > 1 ? TimeOf(size - 1, v) : 0));
                metrics.PeakMemory.ShouldAllBe(peak => peak == size * v);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Groups_trade_memory_for_a_bubble_where_they_outlast_the_longer_way_over_the_devices(int p)
    {
        var cases =
            from size in Enumerable.Range((p + 1) / 2, p - (p + 1) / 2 + 1)
            from v in new[] { 1, 2, 4 }
            from groups in new[] { 1, 3 }
            from times in new (int F, int B, int W)[] { (1, 1, 1), (3, 1, 2), (2, 5, 1), (5, 1, 1) }
            select (size, v, m: groups * size, times.F, times.B, times.W);
        foreach (var (size, v, m, F, B, W) in cases)
        {
            var metrics = Measure($"gis-{size}", Shape.Profile(p, m, v, "interleaved", forward: F, backwardInput: B, backwardWeight: W));
            metrics.PeakMemory.ShouldBe(Enumerable.Range(0, p).Select(d => Math.Min((v - 1L) * size + p - d, m * v)));
            var least = (F + B + W) * (m * v + p - 1 + (v - 1) * (p - size));
            var outlasts = size * (F + B + W) >= p * Math.Max(F, B + W);
            if (outlasts || v == 1) metrics.Makespan.ShouldBe(least);
            else if (m > size) metrics.Makespan.ShouldBeGreaterThan(least);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Groups_of_half_the_devices_still_run(int p)
    {
        for (var v = 1; v <= 4; v++)
        {
            for (var m = 1; m <= 2 * p; m++)
            {
                FamilyTests.ShouldRun(FamilyCatalogue.Find("gis-h")!, Problem.Create(Shape.Profile(p, m, v, "interleaved")));
                Measure("gis-h", Shape.Profile(p, m, v, "interleaved")).PeakMemory.Max().ShouldBeLessThanOrEqualTo((v - 1) * ((p + 1) / 2) + p);
            }
        }
    }

    [Fact]
    public void At_full_groups_grouped_interleaving_holds_fewer_chunks_than_interleaving_and_costs_the_same()
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, chunks: 2, "interleaved");
        (Measure("gis", profile).Makespan, Measure("interleaved-1f1b", profile).Makespan).ShouldBe((57, 57));
        (Measure("gis", profile).PeakMemory[0], Measure("interleaved-1f1b", profile).PeakMemory[0]).ShouldBe((8, 11));
    }

    [Theory]
    [InlineData("gis-3", "Groups of 3 on 8 devices wait for each other: use groups of 4 to 8, such as gis-4.")]
    [InlineData("gis-9", "Groups of 9 are more than the 8 devices: use groups of 4 to 8, such as gis-8.")]
    [InlineData("interleaved-1f1b-6", "Groups of 6 deadlock on 8 devices: use groups of at least 7, such as interleaved-1f1b-8, or gis.")]
    public void A_group_size_that_does_not_go_with_the_devices_is_refused_with_one_that_does(string name, string reason) =>
        FamilyCatalogue.WhyNot(FamilyCatalogue.Find(name)!, Problem.Create(Shape.Profile(8, 16, 2, "interleaved"))).ShouldBe(reason);

    [Theory]
    [InlineData(2, 4, 36)]
    [InlineData(4, 4, 61)]
    [InlineData(2, 8, 65)]
    public void Waves_reach_what_the_greedy_order_is_known_to(int chunks, int microbatches, int makespan)
    {
        var metrics = Measure("hanayo", Shape.Profile(4, microbatches, chunks, "wave"));
        metrics.Makespan.ShouldBe(makespan);
        metrics.PeakMemory.Max().ShouldBeLessThanOrEqualTo(4 * chunks);
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(3, 26)]
    [InlineData(4, 36)]
    public void One_wave_is_optimal_where_that_is_proved(int p, int makespan) =>
        Measure("hanayo", Shape.Profile(p, p, 2, "wave")).Makespan.ShouldBe(makespan);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Waves_end_and_keep_their_limit_when_microbatches_are_many(int p)
    {
        foreach (var v in new[] { 2, 4, 8 })
        {
            foreach (var m in new[] { 3 * p, 6 * p + 1 })
                Measure("hanayo", Shape.Profile(p, m, v, "wave")).PeakMemory.Max().ShouldBe(v * p);
        }
    }

    [Fact]
    public void A_wave_of_two_chunks_is_the_placement_v()
    {
        var (wave, v) = (Problem.Create(Shape.Profile(5, 3, 2, "wave")).Placement, Problem.Create(Shape.Profile(5, 3, 2, "v")).Placement);
        Enumerable.Range(0, 10).Select(stage => wave.DeviceOf(0, stage)).ShouldBe(Enumerable.Range(0, 10).Select(stage => v.DeviceOf(0, stage)));
        Should.Throw<InvalidProfileException>(() => Problem.Create(Shape.Profile(5, 3, 3, "wave"))).Errors
            .ShouldHaveSingleItem().Message.ShouldContain("set chunks to 4");
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Weight_gradients_at_the_end_shorten_the_bubble_by_theirs(int p)
    {
        foreach (var m in new[] { 1, p, 2 * p })
        {
            var metrics = Measure("2bp-gpipe", Shape.Profile(p, m, forward: 2, backwardInput: 3, backwardWeight: 4));
            metrics.Makespan.ShouldBe(m * 9 + (p - 1) * 5);
            metrics.PeakMemory.ShouldAllBe(peak => peak == m);
        }
    }

    [Theory]
    [InlineData(4, 18)]
    [InlineData(8, 30)]
    public void On_1F1B_they_save_what_the_authors_state(int microbatches, int makespan)
    {
        Measure("2bp-1f1b", Shape.Profile(4, microbatches)).Makespan.ShouldBe(makespan);
        Measure("1f1b", Shape.Profile(4, microbatches)).Makespan.ShouldBe(makespan + 3);
    }

    [Theory]
    [InlineData("zeropp-like-4", 60, 8)]
    [InlineData("zeropp-like-8", 54, 16)]
    [InlineData("zeropp-like", 54, 16)]
    public void Units_trade_memory_for_the_bubble(string name, int makespan, int peak)
    {
        var metrics = Measure(name, Shape.Profile(4, 8, 2, "interleaved"));
        (metrics.Makespan, metrics.PeakMemory.Max()).ShouldBe((makespan, peak));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Each_unit_of_at_least_p_microbatches_costs_the_same_bubble(int p)
    {
        foreach (var unit in new[] { p, p + 1, 2 * p })
        {
            foreach (var v in new[] { 1, 2, 3 })
            {
                var metrics = Measure($"zeropp-like-{unit}", Shape.Profile(p, 2 * unit + p, v, "interleaved"));
                metrics.Makespan.ShouldBe(3 * v * (2 * unit + p) + 3 * 2 * (p - 1));
                metrics.PeakMemory.Max().ShouldBe(unit * v);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_block_of_v_zb_has_no_bubble_beyond_both_ends(int p)
    {
        var (short_, long_) = (Measure("v-zb", Shape.Profile(p, 4 * p, 2, "v")), Measure("v-zb", Shape.Profile(p, 6 * p, 2, "v")));
        (long_.Makespan, long_.Span).ShouldBe((6 * 6 * p + p - 1, 6 * 6 * p));
        (long_.Makespan - short_.Makespan).ShouldBe(2 * p * 6);
        long_.PeakMemory.Max().ShouldBeLessThanOrEqualTo(2 * p);
    }

    private static ScheduleMetrics Measure(string name, Profile profile)
    {
        var (family, problem) = (FamilyCatalogue.Find(name)!, Problem.Create(profile));
        FamilyCatalogue.WhyNot(family, problem).ShouldBeNull();
        return ScheduleMetrics.Of(Replay.Run(family.ScheduleOf(problem)));
    }
}

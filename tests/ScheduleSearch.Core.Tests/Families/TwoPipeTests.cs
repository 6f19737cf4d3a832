using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

/// <summary>What the families of two pipes, and DualPipeV, cost on equal stages, and which shapes they refuse.</summary>
public class TwoPipeTests
{
    public static TheoryData<int> EvenDevices => [2, 4, 6, 8, 10, 12];

    [Theory]
    [MemberData(nameof(EvenDevices))]
    public void Chimera_costs_its_closed_forms(int p)
    {
        foreach (var units in new[] { 1, 2, 3, 5 })
        {
            var m = units * p;
            var equal = Measure("chimera", Shape.Profile(p, m, placement: "bidirectional", forward: 2, backwardInput: 2, backwardWeight: 0));
            equal.Makespan.ShouldBe(2 * (2 * m + p - 2));
            var twice = Measure("chimera", Shape.Profile(p, m, placement: "bidirectional"));
            twice.Makespan.ShouldBe(3 * m + (p - 2) * (m / p + 1));
            equal.PeakMemory.ShouldBe(twice.PeakMemory);
            twice.PeakMemory.ShouldBe(ByDevice(p, d => p / 2 + 1 + FromEnd(p, d)));
        }
    }

    [Theory]
    [MemberData(nameof(EvenDevices))]
    public void BitPipe_costs_its_closed_forms(int p)
    {
        foreach (var units in new[] { 1, 2, 3, 5 })
        {
            var m = units * p;
            var equal = Measure("bitpipe", Shape.Profile(p, m, chunks: 2, "bidirectional", forward: 2, backwardInput: 2, backwardWeight: 0));
            equal.Makespan.ShouldBe(2 * (4 * m + p - 2));
            var twice = Measure("bitpipe", Shape.Profile(p, m, chunks: 2, "bidirectional"));
            twice.Makespan.ShouldBe(6 * m + (p - 2) * (m / p + 1));
            equal.PeakMemory.ShouldBe(twice.PeakMemory);
            twice.PeakMemory.ShouldBe(ByDevice(p, d => 3 * p / 2 + 1 + FromEnd(p, d)));
        }
    }

    [Theory]
    [InlineData("chimera", 1, 16)]
    [InlineData("bitpipe", 2, 28)]
    public void A_single_unit_costs_the_worked_numbers(string name, int chunks, long makespan) =>
        Measure(name, Shape.Profile(devices: 4, microbatches: 4, chunks, "bidirectional")).Makespan.ShouldBe(makespan);

    [Theory]
    [MemberData(nameof(EvenDevices))]
    public void DualPipe_leaves_the_bubble_of_its_closed_form(int p)
    {
        foreach (var m in new[] { 2 * p, 2 * p + 2, 3 * p, 5 * p })
        {
            foreach (var time in new[] { 1, 3 })
            {
                var metrics = Measure("dualpipe", Shape.Profile(p, m, placement: "bidirectional", forward: time, backwardInput: time, backwardWeight: time));
                Bubble(metrics).ShouldBe((p / 2 - 1) * time * (3 + 2 - 3));
                metrics.Makespan.ShouldBe(3 * m * time + Bubble(metrics));
                metrics.PeakMemory.ShouldBe(ByDevice(p, _ => p + 1));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(12)]
    public void DualPipeV_leaves_the_bubble_of_twice_as_many_devices(int p)
    {
        foreach (var m in new[] { 2 * p, 2 * p + 1, 3 * p, 5 * p })
        {
            var metrics = Measure("dualpipe-v", Shape.Profile(p, m, chunks: 2, "v"));
            Bubble(metrics).ShouldBe((p - 1) * (3 + 2 - 3));
            metrics.PeakMemory.ShouldBe(ByDevice(p, _ => 2 * p + 1));
        }
    }

    [Theory]
    [InlineData(4, 8, 26, 2, 5)]
    [InlineData(8, 20, 66, 6, 9)]
    public void DualPipe_costs_the_worked_numbers(int p, int m, long makespan, long bubble, long peak)
    {
        var metrics = Measure("dualpipe", Shape.Profile(p, m, placement: "bidirectional"));
        metrics.Makespan.ShouldBe(makespan);
        Bubble(metrics).ShouldBe(bubble);
        metrics.PeakMemory.ShouldAllBe(held => held == peak);
    }

    [Fact]
    public void DualPipeV_costs_the_worked_numbers()
    {
        var metrics = Measure("dualpipe-v", Shape.Profile(devices: 4, microbatches: 8, chunks: 2, "v"));
        metrics.Makespan.ShouldBe(54);
        Bubble(metrics).ShouldBe(6);
        metrics.PeakMemory.ShouldAllBe(held => held == 9);
    }

    [Theory]
    [InlineData("dualpipe", 8, 20, 1, "bidirectional")]
    [InlineData("dualpipe-v", 4, 20, 2, "v")]
    public void A_pair_that_overlaps_saves_its_time_in_every_pair(string name, int p, int m, int chunks, string placement)
    {
        var apart = Shape.Profile(p, m, chunks, placement, forward: 2, backwardInput: 2, backwardWeight: 2);
        var overlapped = Measure(name, apart with { Overlap = new() { Duration = 5 } });

        Bubble(overlapped).ShouldBe(3 * (5 + 4 - 3 * 2));
        overlapped.Makespan.ShouldBeLessThan(Measure(name, apart).Makespan);
    }

    [Theory]
    [InlineData("chimera", 4, 8, 1, null)]
    [InlineData("chimera", 4, 8, 2, "Has one chunk a device in each pipe: set chunks to 1.")]
    [InlineData("chimera", 5, 10, 1, "The pipes meet between two devices: set devices to an even number, such as 4 or 6.")]
    [InlineData("chimera", 4, 10, 1, "Microbatches go in units of 4, half of them in each pipe: set microbatches to 8 or 12.")]
    [InlineData("chimera", 4, 2, 1, "Microbatches go in units of 4, half of them in each pipe: set microbatches to 4.")]
    [InlineData("bitpipe", 4, 8, 2, null)]
    [InlineData("bitpipe", 4, 8, 1, "Has 2 chunks a device in each pipe: set chunks to 2.")]
    [InlineData("bitpipe", 3, 6, 2, "The pipes meet between two devices: set devices to an even number, such as 2 or 4.")]
    [InlineData("bitpipe", 4, 6, 2, "Microbatches go in units of 4, half of them in each pipe: set microbatches to 4 or 8.")]
    [InlineData("dualpipe", 4, 10, 1, null)]
    [InlineData("dualpipe", 4, 8, 2, "Has one chunk a device in each pipe: set chunks to 1.")]
    [InlineData("dualpipe", 3, 8, 1, "The pipes meet between two devices: set devices to an even number, such as 2 or 4.")]
    [InlineData("dualpipe", 4, 9, 1, "Each pipe needs as many microbatches as the other, and at least 4: set microbatches to an even number from 8 on.")]
    [InlineData("dualpipe", 4, 6, 1, "Each pipe needs as many microbatches as the other, and at least 4: set microbatches to an even number from 8 on.")]
    public void Other_shapes_are_refused_with_what_would_do(string name, int devices, int microbatches, int chunks, string? reason) =>
        FamilyCatalogue.WhyNot(Find(name), Problem.Create(Shape.Profile(devices, microbatches, chunks, "bidirectional"))).ShouldBe(reason);

    [Fact]
    public void DualPipeV_says_how_many_microbatches_it_needs()
    {
        FamilyCatalogue.WhyNot(Find("dualpipe-v"), Problem.Create(Shape.Profile(3, 5, chunks: 2, "v")))
            .ShouldBe("Filling both ways of the V takes 6 microbatches: set microbatches to at least 6.");
        FamilyCatalogue.WhyNot(Find("dualpipe-v"), Problem.Create(Shape.Profile(3, 6, chunks: 2, "v"))).ShouldBeNull();
    }

    [Fact]
    public void Fused_problems_admit_neither_DualPipe_nor_DualPipeV()
    {
        string[] Admitted(int chunks, string placement) =>
            [.. FamilyCatalogue.Admitted(Problem.Create(Shape.Profile(4, 8, chunks, placement), splitBackward: false)).Select(family => family.Name)];

        Admitted(1, "bidirectional").ShouldBe(["chimera"]);
        Admitted(2, "bidirectional").ShouldBe(["bitpipe"]);
        Admitted(2, "v").ShouldNotContain("dualpipe-v");
    }

    private static ScheduleMetrics Measure(string name, Profile profile)
    {
        var problem = Problem.Create(profile);
        FamilyCatalogue.WhyNot(Find(name), problem).ShouldBeNull();
        return ScheduleMetrics.Of(Replay.Run(Find(name).ScheduleOf(problem)));
    }

    /// <summary>What the device waits that waits most.</summary>
    private static long Bubble(ScheduleMetrics metrics) => metrics.Makespan - metrics.Busy.Min();

    private static IScheduleFamily Find(string name) => FamilyCatalogue.All.Single(family => family.Name == name);

    private static IEnumerable<long> ByDevice(int p, Func<int, long> value) => Enumerable.Range(0, p).Select(value);

    private static int FromEnd(int p, int d) => Math.Min(d, p - 1 - d);
}

using FsCheck.Xunit;
using ScheduleSearch.Core.Families.BuildingBlocks;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families.BuildingBlocks;

/// <summary>What a block says of its repetition, and when operations meet in a slot.</summary>
public class BuildingBlockTests
{
    public static TheoryData<int> Devices => [.. Enumerable.Range(3, 14)];

    [Theory]
    [MemberData(nameof(Devices))]
    public void V_min_holds_a_third_and_v_half_a_half_of_what_1F1B_holds(int p)
    {
        Peak(VMin.Block(V(p))!).ShouldBeLessThanOrEqualTo(2 * ((p + 4) / 3));
        Peak(VHalf.Block(V(p))!).ShouldBeLessThanOrEqualTo(2 * ((p + 2) / 2));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void V_zb_holds_what_1F1B_holds(int p) => Peak(VZeroBubble.Block(V(p))!).ShouldBe(2 * p);

    [Fact]
    public void What_v_min_and_v_half_hold_is_reached()
    {
        Peak(VMin.Block(V(8))!).ShouldBe(8);
        Peak(VHalf.Block(V(8))!).ShouldBe(10);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Backwards_must_start_later_just_where_the_devices_make_them_meet_forwards(int p)
    {
        (VMin.Block(V(p), interval: 0) is null).ShouldBe(p % 3 == 0);
        (VHalf.Block(V(p), interval: 0) is null).ShouldBe(p % 2 == 0);
        VMin.Block(V(p)).ShouldNotBeNull();
        VHalf.Block(V(p)).ShouldNotBeNull();
    }

    [Fact]
    public void The_general_search_comes_upon_v_min_and_v_half()
    {
        var blocks = BlockPatterns.Even(V(8)).Select(pattern => pattern.OnDevices(V(8))).OfType<BuildingBlock>().ToList();
        blocks.ShouldContain(block => IsSame(block, VMin.Block(V(8))!));
        blocks.ShouldContain(block => IsSame(block, VHalf.Block(V(8))!));
    }

    [Property(MaxTest = 300)]
    public void The_peak_is_that_of_a_long_repetition(Seed seed)
    {
        var random = new Random(seed.Item);
        var (block, problem) = Draw(random, microbatches: 60);
        var whole = SlotTable.RepeatWhole(block, problem.Microbatches).Orders();
        var filled = SlotTable.Repeat(block, problem.Microbatches).Orders();
        for (var device = 0; device < problem.Devices; device++)
        {
            var peak = block.PeakMemory(device, problem.Activation.AsSpan(), problem.Retained.AsSpan());
            RunningPeak(problem, whole[device]).ShouldBe(peak);
            // Weight gradients that fill what warm-up and pauses leave free come earlier at most.
            RunningPeak(problem, filled[device]).ShouldBeLessThanOrEqualTo(peak);
        }
    }

    [Property(MaxTest = 200)]
    public void A_block_within_memory_pauses_only_as_often_as_it_must(Seed seed)
    {
        var random = new Random(seed.Item);
        var (block, problem) = Draw(random, microbatches: 20);
        if (block.WithPauses(int.MaxValue).Within(problem) is not { } fitting)
        {
            Excess(block.WithPauses(1), problem).ShouldBeGreaterThan(0);
            return;
        }

        Excess(fitting, problem).ShouldBeLessThanOrEqualTo(0);
        if (fitting.Group < 2 * problem.Microbatches) Excess(block.WithPauses(int.MaxValue), problem).ShouldBeGreaterThan(0);
    }

    internal static Placement V(int devices) => Problem.Create(Shape.Profile(devices, microbatches: 1, chunks: 2, "v")).Placement;

    /// <summary>A block of a pattern on a small problem whose activations, and what of them is retained, differ by stage; often with pauses.</summary>
    internal static (BuildingBlock Block, Problem Problem) Draw(Random random, int microbatches)
    {
        var (devices, chunks) = (random.Next(1, 8), random.Next(1, 3));
        var stages = devices * chunks;
        var activation = Enumerable.Range(0, stages).Select(_ => (decimal)random.Next(1, 6)).ToArray();
        var profile = Shape.Profile(devices, microbatches, chunks, chunks == 1 ? "linear" : "v") with
        {
            Times = new()
            {
                Forward = Values(stages, () => random.Next(1, 9)),
                BackwardInput = Values(stages, () => random.Next(1, 9)),
                BackwardWeight = Values(stages, () => random.Next(0, 9)),
                Communication = random.Next(3),
            },
            Memory = new()
            {
                Activation = StageValues.Each(activation),
                Retained = StageValues.Each(activation.Select(amount => (decimal)random.Next((int)amount + 1))),
                Limit = random.Next(6 * chunks, 12 + 3 * devices * chunks),
            },
        };
        var problem = Problem.Create(profile, random.Pick(Objective.Makespan, Objective.Span));
        var patterns = BlockPatterns.Even(problem.Placement).Concat(BlockPatterns.Uneven(problem.Placement)).ToArray();
        while (true)
        {
            if (random.Pick(patterns).OnDevices(problem.Placement) is not { } block) continue;
            return (random.Next(2) == 0 ? block : block.WithPauses(random.Next(1, 6)), problem);
        }
    }

    private static StageValues Values(int stages, Func<int> next) => StageValues.Each(Enumerable.Range(0, stages).Select(_ => (decimal)next()));

    private static long Peak(BuildingBlock block) => Enumerable.Range(0, block.Devices).Max(block.PeakChunks);

    private static long Excess(BuildingBlock block, Problem problem) => Enumerable.Range(0, problem.Devices)
        .Max(device => block.PeakMemory(device, problem.Activation.AsSpan(), problem.Retained.AsSpan()) - problem.LimitOf(device));

    private static long RunningPeak(Problem problem, IEnumerable<Core.Operations.Operation> order)
    {
        var (held, peak) = (0L, 0L);
        foreach (var operation in order)
        {
            if (operation.Kind == Core.Operations.OperationKind.Forward) held += problem.Activation[operation.Stage];
            peak = Math.Max(peak, held);
            if (operation.Kind == Core.Operations.OperationKind.BackwardInput) held -= problem.Activation[operation.Stage] - problem.Retained[operation.Stage];
            if (operation.Kind == Core.Operations.OperationKind.BackwardWeight) held -= problem.Retained[operation.Stage];
        }

        return peak;
    }

    private static bool IsSame(BuildingBlock block, BuildingBlock other) => block.Period == other.Period
        && block.Forward.SequenceEqual(other.Forward) && block.BackwardInput.SequenceEqual(other.BackwardInput)
        && block.BackwardWeight.SequenceEqual(other.BackwardWeight);
}

using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Families.BuildingBlocks;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families.BuildingBlocks;

/// <summary>From block to order: repeat, squeeze, reorder both ends.</summary>
public class BlockOrderTests
{
    private static readonly Problem Golden = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, chunks: 2, "v"));

    [Theory]
    [InlineData("v-min", 59, 4)]
    [InlineData("v-half", 60, 6)]
    public void Repeated_and_squeezed_v_min_and_v_half_are_the_worked_schedules(string name, long makespan, long peak)
    {
        var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "golden_p4_m8.json"))).RootElement.GetProperty(name);
        var block = name == "v-min" ? VMin.Block(Golden.Placement)! : VHalf.Block(Golden.Placement)!;

        var timeline = Replay.Run(Schedule.Of(Golden, Squeezed(block, Golden.Microbatches)));

        for (var device = 0; device < 4; device++)
        {
            var expected = golden.GetProperty("devices")[device].EnumerateArray().Select(GoldenTests.Read).ToList();
            TimedOperation.DevicesOf(timeline)[device].Select(timed => (timed.Operation, timed.Start)).ShouldBe(expected);
        }

        var metrics = ScheduleMetrics.Of(timeline);
        metrics.Makespan.ShouldBe(makespan);
        metrics.PeakMemory.ShouldAllBe(held => held == peak);
    }

    [Theory]
    [InlineData("v-min", 59, 4)]
    [InlineData("v-half", 53, 6)]
    public void Reordered_they_are_proved_optima(string name, long makespan, long peak)
    {
        var metrics = Measure(Golden, Find(name).Order(Golden));

        metrics.Makespan.ShouldBe(makespan);
        metrics.PeakMemory.Max().ShouldBe(peak);
    }

    public static TheoryData<string> Published => [.. StoredRequest.Names()
        .Where(name => StoredRequest.Read(name).PeersName is "v-min" or "v-half")];

    [Theory]
    [MemberData(nameof(Published))]
    public void Reordering_is_no_worse_than_the_published_one(string name)
    {
        var request = StoredRequest.Read(name);

        var metrics = Measure(request.Problem, Find(request.PeersName).Order(request.Problem));

        request.Problem.TimeScale.FromTicks(metrics.Objective).ShouldBeLessThanOrEqualTo(request.PeersBest);
        ShouldFit(request.Problem, metrics);
    }

    [Theory]
    [InlineData("14.6B_p16_m48-v-0.5x-makespan")]
    [InlineData("28.3B_p32_m96-v-0.5x-makespan")]
    [InlineData("6.2B_p8_m24-v-0.5x-makespan")]
    public void Between_the_memory_of_v_min_and_v_half_a_block_with_pauses_beats_v_min(string name)
    {
        var request = StoredRequest.Read(name);

        var metrics = Measure(request.Problem, Find("building-block").Order(request.Problem));

        request.Problem.TimeScale.FromTicks(metrics.Objective).ShouldBeLessThan(request.PeersBest);
        ShouldFit(request.Problem, metrics);
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Reordered_ends_keep_the_order_valid_and_within_what_the_block_holds(Seed seed)
    {
        var random = new Random(seed.Item);
        var (drawn, problem) = BuildingBlockTests.Draw(random, random.Next(1, 30));
        if (drawn.Within(problem) is not { } block) return DrawnCase.SetAside;

        var order = BlockOrder.Of(block, problem);

        Verifier.CheckOrder(problem, order).ShouldBeEmpty();
        Verifier.Check(problem, TimedOperation.DevicesOf(Replay.Run(Schedule.Of(problem, order)))).ShouldBeEmpty();
        return DrawnCase.Checked;
    }

    [Property(MaxTest = 300)]
    public void The_cost_of_a_block_is_that_of_its_replay(Seed seed)
    {
        var random = new Random(seed.Item);
        var (block, drawn) = BuildingBlockTests.Draw(random, random.Next(1, 30));
        var problem = Problem.Create(drawn.Profile);

        BlockOrder.Cost(block, problem).ShouldBe(Measure(problem, SlotTable.Repeat(block, problem.Microbatches).Orders()).Makespan);
        BlockOrder.Cost(block, problem).ShouldBe(Measure(problem, Squeezed(block, problem.Microbatches)).Makespan);
    }

    [Property(MaxTest = 200)]
    public FsCheck.Property In_slots_of_one_operation_reordering_never_costs_time(Seed seed)
    {
        var random = new Random(seed.Item);
        var (drawn, even) = BuildingBlockTests.Draw(random, random.Next(1, 30));
        var problem = Problem.Create(even.Profile with { Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1 } });
        if (drawn.Within(problem) is not { } block) return DrawnCase.SetAside;

        Measure(problem, BlockOrder.Of(block, problem)).Makespan.ShouldBeLessThanOrEqualTo(BlockOrder.Cost(block, problem));
        return DrawnCase.Checked;
    }

    [Fact]
    public void A_problem_whose_memory_no_block_fits_is_told_so()
    {
        var problem = Problem.Create(Shape.Profile(devices: 8, microbatches: 8, chunks: 2, "v", limit: 2));

        Find("building-block").BrokenCondition(problem).ShouldBe("No building block fits this memory: raise the limit.");
        Find("building-block").BrokenCondition(Problem.Create(Shape.Profile(devices: 8, microbatches: 8, chunks: 2, "v", limit: 8))).ShouldBeNull();
    }

    private static IReadOnlyList<IReadOnlyList<Operation>> Squeezed(BuildingBlock block, int microbatches)
    {
        var table = SlotTable.Repeat(block, microbatches);
        table.Squeeze();
        return table.Orders();
    }

    private static IScheduleFamily Find(string name) => FamilyCatalogue.All.Single(family => family.Name == name);

    private static ScheduleMetrics Measure(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> order) =>
        ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, order)));

    private static void ShouldFit(Problem problem, ScheduleMetrics metrics)
    {
        for (var device = 0; device < problem.Devices; device++) metrics.PeakMemory[device].ShouldBeLessThanOrEqualTo(problem.LimitOf(device));
    }
}

using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>The sums over two pipes: where they stand, and streams that break their rules.</summary>
public class ReplicaSumTests
{
    // Two ranks, one microbatch down each pipe. Stage 0 stands on rank 0 in the first pipe and on rank 1 in the second.
    private readonly Timeline _timeline = Of(microbatches: 2, firstPipe: 1);

    private readonly List<Instruction>[] _ranks;

    public ReplicaSumTests() => _ranks = [.. Lowering.Of(_timeline).Select(stream => stream.Instructions.ToList())];

    [Fact]
    public void Each_stage_is_summed_once_on_each_of_its_ranks()
    {
        Check().ShouldBeNull();
        for (var rank = 0; rank < 2; rank++)
        {
            _ranks[rank].Where(instruction => instruction.Kind == InstructionKind.AllReduce).OrderBy(sum => sum.Operation.Stage)
                .ShouldBe([Instruction.AllReduce(0, with: 1 - rank), Instruction.AllReduce(1, with: 1 - rank)]);
        }
    }

    [Fact]
    public void A_sum_that_one_side_lacks_is_refused()
    {
        _ranks[1].Remove(Instruction.AllReduce(StageOfLastSum(), with: 0));
        Refused("unmatched").Rank.ShouldBe(0);
    }

    [Fact]
    public void A_sum_that_both_sides_lack_is_refused()
    {
        _ranks[0].Remove(Instruction.AllReduce(0, with: 1));
        _ranks[1].Remove(Instruction.AllReduce(0, with: 0));
        Refused("completeness").Message.ShouldContain("rank 0 has no all-reduce of stage 0");
    }

    [Fact]
    public void Two_sums_in_another_order_on_one_rank_do_not_pair_up()
    {
        var (first, second) = (_ranks[0].FindIndex(IsSum), _ranks[0].FindLastIndex(IsSum));
        var later = _ranks[0][first];
        _ranks[0].RemoveAt(first);
        _ranks[0].Insert(second, later);
        Refused("pairing").Message.ShouldContain("all-reduce of stage");
    }

    [Fact]
    public void A_sum_waits_for_the_last_gradient()
    {
        var sum = _ranks[0].Find(IsSum);
        _ranks[0].Remove(sum);
        _ranks[0].Insert(0, sum);
        Refused("dependency").Message.ShouldContain("before the last gradient of its stage");
    }

    [Fact]
    public void A_sum_stands_once()
    {
        foreach (var rank in _ranks) rank.Add(rank.FindLast(IsSum));
        Refused("duplicate");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_sum_names_the_other_holder_of_its_stage(int peer)
    {
        var place = _ranks[0].FindIndex(IsSum);
        _ranks[0][place] = _ranks[0][place] with { Peer = peer };
        Refused("peer");
    }

    [Fact]
    public void Only_holders_of_a_stage_sum_it()
    {
        var timeline = Of(microbatches: 2, firstPipe: 1, devices: 4);
        var streams = Lowering.Of(timeline).ToArray();
        streams[0] = new RankInstructions(0, [.. streams[0].Instructions, Instruction.AllReduce(1, with: 2)]);
        RendezvousCheck.FirstViolation(timeline.Graph, streams)!.Value.Rule.ShouldBe("rank");
    }

    [Fact]
    public void One_pipe_has_nothing_to_sum()
    {
        var timeline = Worked.Of("1f1b");
        var streams = Lowering.Of(timeline).ToArray();
        streams[0] = new RankInstructions(0, [.. streams[0].Instructions, Instruction.AllReduce(0, with: 0)]);
        RendezvousCheck.FirstViolation(timeline.Graph, streams)!.Value.Rule.ShouldBe("completeness");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_pipe_without_microbatches_is_summed_behind_the_other(int firstPipe)
    {
        var timeline = Of(microbatches: 3, firstPipe, devices: 3);
        foreach (var stream in Lowering.Of(timeline))
        {
            // Device 1 holds stage 1 of both pipes, each of the others two different stages.
            stream.Instructions.Count(IsSum).ShouldBe(stream.Rank == 1 ? 1 : 2);
        }
    }

    [Property(MaxTest = 300)]
    public void A_sum_stands_right_behind_the_last_gradient_of_both_its_ranks(Seed seed)
    {
        var timeline = FeaturedSchedules.TwoPipes(new Random(seed.Item), "");
        var (graph, ends) = (timeline.Graph, new long[timeline.Schedule.Problem.Stages]);
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (graph.Operations[operation].Kind is OperationKind.Backward or OperationKind.BackwardWeight)
                ends[graph.Operations[operation].Stage] = Math.Max(ends[graph.Operations[operation].Stage], timeline.EndOf(operation));
        }

        foreach (var (_, instructions) in Lowering.Of(timeline))
        {
            foreach (var (place, sum) in instructions.Index().Where(indexed => IsSum(indexed.Item)))
            {
                var end = ends[sum.Operation.Stage];
                Starts(instructions.Take(place)).ShouldAllBe(start => start <= end);
                Starts(instructions.Skip(place)).ShouldAllBe(start => start >= end);
            }
        }

        IEnumerable<long> Starts(IEnumerable<Instruction> some) => some.Where(instruction => instruction.Kind == InstructionKind.Compute)
            .Select(instruction => timeline.StartOf(graph.IndexOf(instruction.Operation)));
    }

    private static bool IsSum(Instruction instruction) => instruction.Kind == InstructionKind.AllReduce;

    private int StageOfLastSum() => _ranks[1].FindLast(IsSum).Operation.Stage;

    private static Timeline Of(int microbatches, int firstPipe, int devices = 2)
    {
        var problem = Problem.Create(Shape.Profile(devices, microbatches, placement: "bidirectional"), splitBackward: false);
        return Replay.Run(RandomOrders.Next(OperationGraph.Build(problem, OperationSelection.Finest(problem, firstPipe)), new Random(1)));
    }

    private StreamViolation? Check() => RendezvousCheck.FirstViolation(_timeline.Graph, [.. _ranks.Select((list, rank) => new RankInstructions(rank, list))]);

    private StreamViolation Refused(string rule)
    {
        var violation = Check().ShouldNotBeNull();
        violation.Rule.ShouldBe(rule, violation.Message);
        return violation;
    }
}

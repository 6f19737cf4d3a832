using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class RendezvousCheckTests
{
    // Two ranks, two microbatches, in a stream that runs:
    // rank 0: F0 >act0 F1 >act1 <grad0 B0 <grad1 B1        rank 1: <act0 F0 <act1 F1 B0 >grad0 B1 >grad1
    private static readonly Problem Problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2), splitBackward: false);
    private static readonly OperationGraph Graph = OperationGraph.Build(Problem);

    private readonly List<Instruction>[] _ranks =
    [
        [
            Instruction.Compute(Operation.Forward(0, 0)), Instruction.Send(Operation.Forward(0, 0), to: 1),
            Instruction.Compute(Operation.Forward(0, 1)), Instruction.Send(Operation.Forward(0, 1), to: 1),
            Instruction.Receive(Operation.Backward(1, 0), from: 1), Instruction.Compute(Operation.Backward(0, 0)),
            Instruction.Receive(Operation.Backward(1, 1), from: 1), Instruction.Compute(Operation.Backward(0, 1)),
        ],
        [
            Instruction.Receive(Operation.Forward(0, 0), from: 0), Instruction.Compute(Operation.Forward(1, 0)),
            Instruction.Receive(Operation.Forward(0, 1), from: 0), Instruction.Compute(Operation.Forward(1, 1)),
            Instruction.Compute(Operation.Backward(1, 0)), Instruction.Send(Operation.Backward(1, 0), to: 0),
            Instruction.Compute(Operation.Backward(1, 1)), Instruction.Send(Operation.Backward(1, 1), to: 0),
        ],
    ];

    [Fact]
    public void A_sound_stream_passes() => Check().ShouldBeNull();

    [Fact]
    public void Transfers_between_two_ranks_pair_up_in_the_order_of_both_sides()
    {
        (_ranks[0][2], _ranks[0][1]) = (_ranks[0][1], _ranks[0][2]);
        (_ranks[0][3], _ranks[0][2]) = (_ranks[0][2], _ranks[0][3]);

        var violation = Refused("pairing");
        violation.Message.ShouldContain("send of the activation of the forward of stage 0, microbatch 1 to rank 1");
        violation.Message.ShouldContain("microbatch 0 from rank 0");
    }

    [Fact]
    public void Ranks_that_both_send_first_hang()
    {
        // Rank 1 sends its gradient before it takes the activation that rank 0 is sending.
        var (receive, forward) = (_ranks[1][2], _ranks[1][3]);
        _ranks[1].RemoveRange(2, 2);
        _ranks[1].InsertRange(4, [receive, forward]);

        Refused("hang").Message.ShouldContain("waits for ever");
    }

    [Fact]
    public void A_missing_receive_is_found_where_the_other_side_waits()
    {
        _ranks[0].RemoveAt(6);
        Refused("dependency").Message.ShouldContain("needs the result of the backward of stage 1, microbatch 1");
    }

    [Fact]
    public void A_send_that_nobody_receives_is_unmatched()
    {
        _ranks[1].Add(Instruction.Send(Operation.Backward(1, 1), to: 0));
        var violation = Refused("unmatched");
        (violation.Rank, violation.Position).ShouldBe((1, 8));
    }

    [Fact]
    public void A_transfer_that_happens_twice_is_refused_though_it_pairs_up()
    {
        _ranks[0].Insert(2, _ranks[0][1]);
        _ranks[1].Insert(2, _ranks[1][0]);
        Refused("duplicate");
    }

    [Fact]
    public void An_operation_that_stands_twice_is_refused()
    {
        _ranks[0].Add(_ranks[0][0]);
        (Refused("duplicate").Rank, Refused("duplicate").Position).ShouldBe((0, 8));
    }

    [Fact]
    public void A_missing_operation_is_refused()
    {
        _ranks[0].RemoveAt(7);
        Refused("completeness").Message.ShouldContain("backward of stage 0, microbatch 1");
    }

    [Fact]
    public void An_operation_on_a_foreign_rank_is_refused()
    {
        _ranks[0].Insert(0, Instruction.Compute(Operation.Forward(1, 0)));
        Refused("rank").Message.ShouldContain("belongs to rank 1");
    }

    [Fact]
    public void A_result_cannot_be_sent_before_it_is_there()
    {
        (_ranks[0][0], _ranks[0][1]) = (_ranks[0][1], _ranks[0][0]);
        Refused("dependency").Message.ShouldContain("nothing to send");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_peer_must_be_another_rank(int peer)
    {
        _ranks[0][1] = _ranks[0][1] with { Peer = peer };
        Refused("peer");
    }

    [Fact]
    public void Only_operations_of_the_schedule_are_known()
    {
        _ranks[0].Insert(0, Instruction.Compute(Operation.Forward(0, 2)));
        Refused("completeness").Message.ShouldContain("not part of the schedule");
    }

    [Property(MaxTest = 400)]
    public void Every_lowering_passes_and_no_instruction_of_it_can_be_left_out(Seed seed)
    {
        var timeline = seed.Item % 2 == 0 ? RandomSchedules.Draw(seed) : FeaturedSchedules.Draw(seed);
        var streams = Lowering.Of(timeline);
        RendezvousCheck.FirstViolation(timeline.Graph, streams).ShouldBeNull();

        var random = new Random(seed.Item);
        var rank = random.Next(streams.Count);
        var left = streams[rank].Instructions.ToList();
        left.RemoveAt(random.Next(left.Count));
        var broken = streams.ToArray();
        broken[rank] = new RankInstructions(rank, left);
        RendezvousCheck.FirstViolation(timeline.Graph, broken).ShouldNotBeNull();
    }

    private StreamViolation? Check() => RendezvousCheck.FirstViolation(Graph, [.. _ranks.Select((list, rank) => new RankInstructions(rank, list))]);

    private StreamViolation Refused(string rule)
    {
        var violation = Check().ShouldNotBeNull();
        violation.Rule.ShouldBe(rule, violation.Message);
        violation.Message.ShouldStartWith($"{rule}: ");
        return violation;
    }
}

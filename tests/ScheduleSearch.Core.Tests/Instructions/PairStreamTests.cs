using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Overlapped pairs in streams: side by side, or refused.</summary>
public class PairStreamTests
{
    private readonly Timeline _timeline = Worked.Of(
        "dualpipe-v", Problem.Create(Shape.Profile(devices: 2, microbatches: 6, chunks: 2, "v") with { Overlap = new() { Duration = 2.5m } }));

    private readonly List<Instruction>[] _ranks;
    private readonly int _forward;

    public PairStreamTests()
    {
        _ranks = [.. Lowering.Of(_timeline).Select(stream => stream.Instructions.ToList())];
        _forward = _ranks[0].FindIndex(instruction => instruction.Operation.Kind == OperationKind.OverlappedForward && instruction.Kind == InstructionKind.Compute);
    }

    [Fact]
    public void A_sound_stream_passes() => Check().ShouldBeNull();

    [Fact]
    public void Nothing_comes_between_the_two()
    {
        var late = _ranks[0].FindLastIndex(_forward, instruction => instruction.IsTransfer);
        var transfer = _ranks[0][late];
        _ranks[0].RemoveAt(late);
        _ranks[0].Insert(_forward, transfer);
        Refused().Message.ShouldContain("side by side");
    }

    [Fact]
    public void The_forward_stands_first()
    {
        (_ranks[0][_forward], _ranks[0][_forward + 1]) = (_ranks[0][_forward + 1], _ranks[0][_forward]);
        Refused();
    }

    [Fact]
    public void Neither_stands_alone()
    {
        _ranks[0].RemoveAt(_forward + 1);
        Refused();
    }

    [Fact]
    public void A_forward_overlaps_with_its_own_partner_only()
    {
        var next = _ranks[0].FindIndex(_forward + 1, instruction => instruction.Operation.Kind == OperationKind.OverlappedForward && instruction.Kind == InstructionKind.Compute);
        (_ranks[0][_forward + 1], _ranks[0][next + 1]) = (_ranks[0][next + 1], _ranks[0][_forward + 1]);
        Check().ShouldNotBeNull();
    }

    [Property(MaxTest = 300)]
    public void What_both_wait_for_comes_before_and_what_they_make_behind(Seed seed)
    {
        var random = new Random(seed.Item);
        var timeline = random.Chance(50) ? FeaturedSchedules.OnePipe(random, "overlap") : FeaturedSchedules.TwoPipes(random, "overlap");
        foreach (var (_, instructions) in Lowering.Of(timeline))
        {
            foreach (var (place, instruction) in instructions.Index().Where(indexed => indexed.Item is { Kind: InstructionKind.Compute, Operation.Kind: OperationKind.OverlappedForward }))
            {
                var backward = instructions[place + 1].Operation;
                backward.Kind.ShouldBe(OperationKind.OverlappedBackward);
                foreach (var half in new[] { instruction.Operation, backward })
                {
                    instructions.Index().Where(indexed => indexed.Item.Kind == InstructionKind.Send && indexed.Item.Operation == half).ShouldAllBe(send => send.Index > place + 1);
                    instructions.Index().Where(indexed => indexed.Item.Kind == InstructionKind.Receive && Feeds(indexed.Item.Operation, half)).ShouldAllBe(receive => receive.Index < place);
                }
            }
        }
    }

    private static bool Feeds(Operation result, Operation half) =>
        result.IsForward == half.IsForward && result.Pipe == half.Pipe && result.Microbatch == half.Microbatch && result.Stage == half.Stage + (half.IsForward ? -1 : 1);

    private StreamViolation? Check() => RendezvousCheck.FirstViolation(_timeline.Graph, [.. _ranks.Select((list, rank) => new RankInstructions(rank, list))]);

    private StreamViolation Refused()
    {
        var violation = Check().ShouldNotBeNull();
        violation.Rule.ShouldBe("pair", violation.Message);
        return violation;
    }
}

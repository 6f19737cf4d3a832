using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class LoweringTests
{
    [Fact]
    public void Each_rank_sends_when_a_result_is_there_and_receives_what_it_needs()
    {
        var rank = Lowering.Of(Worked.Of("1f1b"))[1].Instructions;

        rank.Take(5).ShouldBe([
            Instruction.Receive(Operation.Forward(0, 0), from: 0),
            Instruction.Compute(Operation.Forward(1, 0)),
            Instruction.Receive(Operation.Forward(0, 1), from: 0),
            Instruction.Send(Operation.Forward(1, 0), to: 2),
            Instruction.Compute(Operation.Forward(1, 1)),
        ], ignoreOrder: true);
        rank[^2].ShouldBe(Instruction.Compute(Operation.Backward(1, 7)));
        rank[^1].ShouldBe(Instruction.Send(Operation.Backward(1, 7), to: 0));
    }

    [Fact]
    public void Stages_on_one_device_exchange_nothing()
    {
        // In the V placement rank 3 holds stages 3 and 4: the turn needs no message.
        var transfers = Lowering.Of(Worked.Of("zb-v", "v", chunks: 2))
            .SelectMany(stream => stream.Instructions)
            .Where(instruction => instruction.Kind == InstructionKind.Send)
            .ToList();

        transfers.ShouldNotContain(send => send.Operation.Stage == 3 && send.Payload == "activation");
        transfers.ShouldNotContain(send => send.Operation.Stage == 4 && send.Payload == "gradient");
        transfers.Count.ShouldBe(8 * 2 * 6);
    }

    [Property(MaxTest = 200)]
    public void Operations_keep_the_order_of_the_schedule(Seed seed)
    {
        var timeline = seed.Item % 2 == 0 ? RandomSchedules.Draw(seed) : FeaturedSchedules.Draw(seed);
        foreach (var stream in Lowering.Of(timeline))
        {
            stream.Instructions.Where(instruction => instruction.Kind == InstructionKind.Compute).Select(instruction => instruction.Operation)
                .ShouldBe(timeline.Schedule.OperationsOn(stream.Rank));
        }
    }

    [Property(MaxTest = 200)]
    public void Every_slice_of_every_pipe_travels_across_each_boundary_once(Seed seed)
    {
        var timeline = FeaturedSchedules.TwoPipes(new Random(seed.Item), "slices");
        var (problem, crossings) = (timeline.Schedule.Problem, 0);
        for (var stage = 1; stage < problem.Stages; stage++)
        {
            for (var pipe = 0; pipe < 2; pipe++)
            {
                if (problem.Placement.DeviceOf(pipe, stage - 1) == problem.Placement.DeviceOf(pipe, stage)) continue;
                crossings += timeline.Graph.Operations.ToArray().Count(operation => operation.Kind == OperationKind.Forward && operation.Pipe == pipe && operation.Stage == stage);
            }
        }

        Lowering.Of(timeline).SelectMany(stream => stream.Instructions).Count(instruction => instruction.Kind == InstructionKind.Send).ShouldBe(2 * crossings);
    }

    [Property(MaxTest = 200)]
    public void A_transfer_joins_each_pair_of_neighbouring_stages_on_different_devices(Seed seed)
    {
        var timeline = RandomSchedules.Draw(seed);
        var problem = timeline.Schedule.Problem;
        var boundaries = Enumerable.Range(1, problem.Stages - 1)
            .Count(stage => problem.Placement.DeviceOf(0, stage - 1) != problem.Placement.DeviceOf(0, stage));

        var kinds = Lowering.Of(timeline).SelectMany(stream => stream.Instructions).CountBy(instruction => instruction.Kind).ToDictionary();
        var transfers = 2 * boundaries * problem.Microbatches;
        kinds.GetValueOrDefault(InstructionKind.Send).ShouldBe(transfers);
        kinds.GetValueOrDefault(InstructionKind.Receive).ShouldBe(transfers);
    }
}

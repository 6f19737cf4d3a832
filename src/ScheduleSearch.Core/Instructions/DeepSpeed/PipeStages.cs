using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.DeepSpeed;

/// <summary>
/// Turns a schedule of one stage a rank and fused backwards into DeepSpeed's steps. Both ends of a transfer stand in the same step, so
/// that ranks may wait for each other between any two steps, as DeepSpeed asks of its schedules.
/// </summary>
internal static class PipeStages
{
    private static readonly PipeInstruction[] Ending = [new("ReduceTiedGrads", null), new("ReduceGrads", null), new("OptimizerStep", null)];

    /// <summary>What each stage does.</summary>
    public static PipeStage[] Of(Timeline timeline)
    {
        var streams = Lowering.Of(timeline, ReceiveTensor.OrderOf(timeline));
        var steps = StepsOf(streams);
        var count = steps.Max(ofRank => ofRank.Max()) + 1;
        return [.. streams.Select(stream => StageOf(timeline, stream, steps[stream.Rank], count))];
    }

    /// <summary>For each rank the step of each instruction: an operation opens a step, a transfer waits for the later of its ends.</summary>
    private static List<int>[] StepsOf(IReadOnlyList<RankInstructions> streams)
    {
        var steps = streams.Select(_ => new List<int>()).ToArray();
        var runnable = new Queue<int>(Enumerable.Range(0, streams.Count));
        while (runnable.TryDequeue(out var rank))
        {
            while (steps[rank].Count < streams[rank].Instructions.Count)
            {
                var instruction = streams[rank].Instructions[steps[rank].Count];
                var step = steps[rank].Count == 0 ? -1 : steps[rank][^1];
                if (instruction.Kind == InstructionKind.Compute)
                {
                    steps[rank].Add(step + 1);
                    continue;
                }

                var (peer, peerSteps) = (streams[instruction.Peer], steps[instruction.Peer]);
                var other = peerSteps.Count < peer.Instructions.Count ? peer.Instructions[peerSteps.Count] : default;
                if (other.Kind == InstructionKind.Compute || other.Peer != rank) break;
                step = Math.Max(Math.Max(step, 0), peerSteps.Count == 0 ? 0 : peerSteps[^1]);
                steps[rank].Add(step);
                peerSteps.Add(step);
                runnable.Enqueue(instruction.Peer);
            }
        }

        return steps;
    }

    private static PipeStage StageOf(Timeline timeline, RankInstructions stream, List<int> stepOf, int count)
    {
        var buffers = new PipeBuffers();
        var steps = Enumerable.Range(0, count).Select(_ => new List<PipeInstruction>()).ToArray();
        var (isFirst, isLast) = (stream.Rank == 0, stream.Rank == timeline.Schedule.Problem.Devices - 1);
        foreach (var (position, instruction) in stream.Instructions.Index())
        {
            var microbatch = instruction.Operation.Microbatch;
            var isForward = instruction.Operation.Kind == OperationKind.Forward;
            var name = (instruction.Kind, isForward) switch
            {
                (InstructionKind.Compute, true) => "ForwardPass",
                (InstructionKind.Compute, false) => "BackwardPass",
                (InstructionKind.Send, true) => "SendActivation",
                (InstructionKind.Send, false) => "SendGrad",
                (_, true) => "RecvActivation",
                _ => "RecvGrad",
            };
            var step = steps[stepOf[position]];
            var buffer = buffers.Of(microbatch);
            if (name == "ForwardPass" && (isFirst || isLast)) step.Add(new("LoadMicroBatch", buffer));
            step.Add(new(name, buffer));
            // The gradient of its input is sent from the same buffer.
            if (name == (isFirst ? "BackwardPass" : "SendGrad")) buffers.Free(microbatch);
        }

        steps[^1].AddRange(Ending);
        return new PipeStage(buffers.Count, steps);
    }
}

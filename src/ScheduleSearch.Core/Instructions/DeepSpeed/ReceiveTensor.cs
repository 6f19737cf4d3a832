using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.DeepSpeed;

/// <summary>
/// DeepSpeed's engine receives into one tensor a rank, activations and gradients alike. It copies an activation out at once, but the backward reads its
/// gradient where it was received: nothing may be received between a <c>RecvGrad</c> and its <c>BackwardPass</c>. Source:
/// <c>_allocate_or_extend_buffers</c>, <c>_exec_recv_activations</c> and <c>_exec_recv_grads</c> of DeepSpeed's <c>runtime/pipe/engine.py</c>.
/// </summary>
/// <remarks>
/// A gradient travels when the operation before its backward has started on the receiver: all that the receiver needs before that backward is there.
/// An activation that would arrive while a gradient waits travels right after the start of the gradient's backward. It belongs to a forward after that
/// backward, so it still comes in time; and since both ends of a transfer move together within one order of all ranks, no rank waits for ever.
/// </remarks>
internal static class ReceiveTensor
{
    /// <summary>The global order of a schedule of one stage a rank in which every rank's tensor is free when something is received into it.</summary>
    public static IEnumerable<Moment> OrderOf(Timeline timeline)
    {
        var graph = timeline.Graph;
        var holdsGradient = new bool[timeline.Schedule.Problem.Devices];
        var late = holdsGradient.Select(_ => new Queue<Moment>()).ToArray();
        foreach (var moment in GlobalOrder.Of(timeline, OperationsBefore(timeline)))
        {
            var operation = graph.Operations[moment.Operation];
            var rank = graph.DeviceOf(moment.Operation);
            var isTransfer = moment.Kind >= MomentKind.HeldTransfer;
            if (isTransfer && operation.IsForward && rank + 1 < late.Length && holdsGradient[rank + 1])
            {
                late[rank + 1].Enqueue(moment);
                continue;
            }

            yield return moment;
            if (isTransfer && !operation.IsForward && rank > 0) holdsGradient[rank - 1] = true;
            if (isTransfer || operation.IsForward) continue;
            holdsGradient[rank] = false;
            while (late[rank].TryDequeue(out var activation)) yield return activation;
        }
    }

    /// <summary>For a backward, the operation before the receiver's own backward of that microbatch on the receiver; -1 for others.</summary>
    private static Func<int, int> OperationsBefore(Timeline timeline)
    {
        var graph = timeline.Graph;
        var holders = new int[graph.Count];
        Array.Fill(holders, -1);
        for (var rank = 0; rank < timeline.Schedule.Problem.Devices - 1; rank++)
        {
            var before = -1;
            foreach (var operation in timeline.Schedule.OrderOf(rank))
            {
                var current = graph.Operations[operation];
                if (!current.IsForward) holders[graph.IndexOf(current with { Stage = rank + 1 })] = before;
                before = operation;
            }
        }

        return operation => holders[operation];
    }
}

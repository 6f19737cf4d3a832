using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What torch.distributed.pipelining trips over, and at which stages a backward begins and ends.</summary>
internal static class PyTorchNotes
{
    private const string Tied =
        "Parameters that stages of several ranks have, such as an embedding that is the output layer's weight too, get each rank's own share of their "
        + "gradient: sum the shares before the optimizer's step, as the loader's argument tied does.";

    /// <summary>The notes on a schedule as it is written.</summary>
    public static IReadOnlyList<string> On(Timeline written)
    {
        var problem = written.Schedule.Problem;
        var last = problem.Stages - 1;
        List<string> notes =
        [
            FormattableString.Invariant(
                $"Stage {last} receives no gradient: its backward begins with the loss, so rank {problem.Placement.DeviceOf(0, last)} is given loss_fn. ")
                + "The others are given one too: PyTorch runs no backward on a rank without. Stage 0 sends none.",
        ];
        if (Has(_ => true))
        {
            notes.Add(
                "Backwards are split (I and W), which takes modules that torch.compile has not compiled (pytorch #161904, #143599), and activation "
                + "checkpointing, if any, with use_reentrant=False: the reentrant kind cannot take gradients of inputs alone.");
        }

        if (Has(stage => stage == 0))
            notes.Add("Stage 0 gets no gradient of its input: PyTorch's I of stage 0 computes nothing, and its W computes the whole backward.");
        if (problem.Devices > 1) notes.Add(Tied);
        return notes;

        bool Has(Predicate<int> ofStage)
        {
            foreach (var operation in written.Graph.Operations)
            {
                if (operation.Kind == OperationKind.BackwardInput && ofStage(operation.Stage)) return true;
            }

            return false;
        }
    }
}

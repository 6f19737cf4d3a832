using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The forward and backward of every stage on every microbatch: activations travel up the stages, gradients back down, and the weight
/// gradient follows the input gradient of its own stage whenever there is time for it.
/// </summary>
internal sealed class ForwardBackwardRule : IOperationRule
{
    public void Emit(Problem problem, OperationSelection selection, OperationGraphBuilder builder)
    {
        var forwards = new int[problem.Stages];
        for (var microbatch = 0; microbatch < problem.Microbatches; microbatch++)
        {
            EmitForwards(problem, builder, microbatch, forwards);
            EmitBackwards(problem, selection, builder, microbatch, forwards);
        }
    }

    private static void EmitForwards(Problem problem, OperationGraphBuilder builder, int microbatch, int[] forwards)
    {
        for (var stage = 0; stage < problem.Stages; stage++)
        {
            var device = problem.Placement.DeviceOf(0, stage);
            var forward = builder.Add(
                Operation.Forward(stage, microbatch), device, problem.Forward[stage], acquired: problem.Activation[stage], released: 0);
            if (stage > 0) builder.Depend(forward, on: forwards[stage - 1], problem.Lag(problem.Placement.DeviceOf(0, stage - 1), device));
            forwards[stage] = forward;
        }
    }

    private static void EmitBackwards(
        Problem problem, OperationSelection selection, OperationGraphBuilder builder, int microbatch, int[] forwards)
    {
        var gradient = -1;
        for (var stage = problem.Stages - 1; stage >= 0; stage--)
        {
            var device = problem.Placement.DeviceOf(0, stage);
            var (activation, retained) = (problem.Activation[stage], problem.Retained[stage]);
            var (input, weight) = (problem.BackwardInput[stage], problem.BackwardWeight[stage]);
            int backward;
            if (selection.IsFused(0, stage, microbatch))
            {
                backward = builder.Add(Operation.Backward(stage, microbatch), device, input + weight, acquired: 0, released: activation);
            }
            else
            {
                backward = builder.Add(Operation.BackwardInput(stage, microbatch), device, input, acquired: 0, released: activation - retained);
                var last = builder.Add(Operation.BackwardWeight(stage, microbatch), device, weight, acquired: 0, released: retained);
                builder.Depend(last, on: backward);
            }

            if (gradient >= 0) builder.Depend(backward, on: gradient, problem.Lag(problem.Placement.DeviceOf(0, stage + 1), device));
            builder.Depend(backward, on: forwards[stage]);
            gradient = backward;
        }
    }
}

using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The forward and backward of every stage on every microbatch: activations travel up the stages of its pipe, gradients back down, and the
/// weight gradient follows the input gradient of its own stage whenever there is time for it. Slices of a microbatch run forwards from the
/// first to the last, since each attends to those before it, and backwards from the last to the first.
/// </summary>
internal sealed class ForwardBackwardRule : IOperationRule
{
    private const int None = -1;

    public void Emit(Problem problem, OperationSelection selection, OperationGraphBuilder builder)
    {
        for (var microbatch = 0; microbatch < problem.Microbatches; microbatch++) new Emission(problem, selection, builder, microbatch).Emit();
    }

    /// <summary>The operations of one microbatch.</summary>
    private sealed class Emission(Problem problem, OperationSelection selection, OperationGraphBuilder builder, int microbatch)
    {
        private readonly int _pipe = selection.PipeOf(microbatch);
        private readonly int[,] _forwards = new int[problem.Stages, problem.Slices];

        public void Emit()
        {
            for (var slice = 0; slice < problem.Slices; slice++)
            {
                for (var stage = 0; stage < problem.Stages; stage++) EmitForward(stage, slice);
            }

            var gradients = new int[problem.Stages];
            Array.Fill(gradients, None);
            for (var slice = problem.Slices - 1; slice >= 0; slice--)
            {
                for (var stage = problem.Stages - 1; stage >= 0; stage--) gradients[stage] = EmitBackward(stage, slice, gradients);
            }
        }

        private void EmitForward(int stage, int slice)
        {
            var device = DeviceOf(stage);
            var isOverlapped = selection.IsOverlapped(Of(OperationKind.OverlappedForward, stage, slice));
            var operation = Of(isOverlapped ? OperationKind.OverlappedForward : OperationKind.Forward, stage, slice);
            var whole = problem.ActivationOf(stage, slice) + problem.KeyValue[stage];
            var forward = builder.Add(
                operation,
                device,
                isOverlapped ? problem.Overlapped(stage, selection.Pairs[operation].Stage) : problem.ForwardOf(stage, slice),
                acquired: whole,
                released: problem.Recomputes(stage) ? whole - problem.Kept[stage] : 0);
            if (stage > 0) builder.Depend(forward, on: _forwards[stage - 1, slice], problem.Lag(DeviceOf(stage - 1), device));
            if (slice > 0) builder.Depend(forward, on: _forwards[stage, slice - 1]);
            _forwards[stage, slice] = forward;
        }

        /// <summary>The backward of a slice, behind that of the stage above on this slice and that of this stage on the slice behind.</summary>
        private int EmitBackward(int stage, int slice, int[] gradients)
        {
            var forward = problem.Recomputes(stage) ? EmitRecompute(stage, slice) : _forwards[stage, slice];
            var backward = selection.IsFused(stage, microbatch, slice) ? EmitFused(stage, slice) : EmitSplit(stage, slice);
            if (stage < problem.Stages - 1) builder.Depend(backward, on: gradients[stage + 1], problem.Lag(DeviceOf(stage + 1), DeviceOf(stage)));
            if (gradients[stage] != None) builder.Depend(backward, on: gradients[stage]);
            builder.Depend(backward, on: forward);
            return backward;
        }

        private int EmitRecompute(int stage, int slice)
        {
            var again = builder.Add(
                Of(OperationKind.Recompute, stage, slice),
                DeviceOf(stage),
                problem.RecomputeTime[stage],
                acquired: problem.Activation[stage] - problem.Kept[stage],
                released: 0);
            builder.Depend(again, on: _forwards[stage, slice]);
            return again;
        }

        private int EmitFused(int stage, int slice)
        {
            var pair = Of(OperationKind.OverlappedBackward, stage, slice);
            var released = problem.ActivationOf(stage, slice) + KeysAndValues(stage, slice);
            return selection.IsOverlapped(pair)
                ? builder.Add(pair, DeviceOf(stage), 0, acquired: 0, released)
                : builder.Add(
                    Of(OperationKind.Backward, stage, slice),
                    DeviceOf(stage),
                    problem.BackwardInputOf(stage, slice) + problem.BackwardWeightOf(stage, slice),
                    acquired: 0,
                    released);
        }

        private int EmitSplit(int stage, int slice)
        {
            var retained = problem.RetainedOf(stage, slice);
            var backward = builder.Add(
                Of(OperationKind.BackwardInput, stage, slice),
                DeviceOf(stage),
                problem.BackwardInputOf(stage, slice),
                acquired: 0,
                released: problem.ActivationOf(stage, slice) - retained + KeysAndValues(stage, slice));
            var weight = builder.Add(
                Of(OperationKind.BackwardWeight, stage, slice), DeviceOf(stage), problem.BackwardWeightOf(stage, slice), acquired: 0, released: retained);
            builder.Depend(weight, on: backward);
            return backward;
        }

        /// <summary>The keys and values of all slices go when the first slice's backward ends.</summary>
        private long KeysAndValues(int stage, int slice) => slice == 0 ? problem.Slices * problem.KeyValue[stage] : 0;

        private Operation Of(OperationKind kind, int stage, int slice) => new(kind, _pipe, stage, microbatch) { Slice = slice };

        private int DeviceOf(int stage) => problem.Placement.DeviceOf(_pipe, stage);
    }
}

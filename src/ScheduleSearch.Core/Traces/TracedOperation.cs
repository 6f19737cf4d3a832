using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Traces;

/// <summary>An operation of a run, as it was recorded.</summary>
/// <param name="Replica">The data-parallel replica, from 0.</param>
/// <param name="Step">The number of the training step.</param>
/// <param name="Rank">The pipeline rank.</param>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Kind">Forward, backward, input gradient or weight gradient.</param>
/// <param name="Microbatch">The microbatch, from 0.</param>
/// <param name="Start">Its start in milliseconds, on a clock that the ranks of a replica share.</param>
/// <param name="Duration">Milliseconds that it took.</param>
public readonly record struct TracedOperation(
    int Replica, int Step, int Rank, int Stage, OperationKind Kind, int Microbatch, double Start, double Duration)
{
    /// <summary>Its end in milliseconds.</summary>
    public double End => Start + Duration;

    /// <summary>Whether it is the part of a backward that the stage before waits for.</summary>
    public bool HandsGradientOn => Kind is OperationKind.Backward or OperationKind.BackwardInput;
}

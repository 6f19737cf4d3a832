using System.Collections;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// Which of the alternative operations an iteration is made of: whether the backward of a stage on a microbatch is split in input and
/// weight gradient or fused.
/// </summary>
public sealed class OperationSelection
{
    private readonly BitArray _fused;
    private readonly int _stages;
    private readonly int _microbatches;

    private OperationSelection(Problem problem, bool fused)
    {
        (_stages, _microbatches) = (problem.Stages, problem.Microbatches);
        _fused = new BitArray(problem.Placement.Pipes * _stages * _microbatches, fused);
    }

    /// <summary>All backwards split.</summary>
    public static OperationSelection Split(Problem problem) => new(problem, fused: false);

    /// <summary>All backwards fused.</summary>
    public static OperationSelection Fused(Problem problem) => new(problem, fused: true);

    /// <summary>Split where the problem allows it, else fused: what a search chooses among, since a fused backward is never better.</summary>
    public static OperationSelection Finest(Problem problem) => new(problem, fused: !problem.SplitBackward);

    /// <summary>The selection that a set of operations makes: fused where it has a fused backward.</summary>
    public static OperationSelection Of(Problem problem, IEnumerable<Operation> operations)
    {
        var selection = Split(problem);
        foreach (var operation in operations)
        {
            if (operation.Kind == OperationKind.Backward) selection._fused[selection.Index(operation)] = true;
        }

        return selection;
    }

    /// <summary>Whether the backward of this operation's stage and microbatch is fused.</summary>
    public bool IsFused(int pipe, int stage, int microbatch) => _fused[Index(new Operation(OperationKind.Backward, pipe, stage, microbatch))];

    private int Index(Operation operation) => (operation.Pipe * _stages + operation.Stage) * _microbatches + operation.Microbatch;
}

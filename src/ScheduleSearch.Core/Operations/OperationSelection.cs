using System.Collections;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// Which of the alternative operations an iteration is made of: the pipe that each microbatch runs down, whether the backward of a stage on
/// a microbatch is split in input and weight gradient or fused, and which forwards and backwards overlap.
/// </summary>
public sealed class OperationSelection
{
    private readonly BitArray _fused;
    private readonly int[] _pipes;
    private readonly Dictionary<Operation, Operation> _backwardOf = [];
    private readonly HashSet<Operation> _pairedBackwards = [];
    private readonly int _stages;
    private readonly int _slices;

    private OperationSelection(Problem problem, bool fused, int firstPipe)
    {
        (_stages, _slices) = (problem.Stages, problem.SliceCount);
        _fused = new BitArray(_stages * problem.Microbatches * _slices, fused);
        _pipes = [.. Enumerable.Range(0, problem.Microbatches).Select(microbatch => microbatch < firstPipe ? 0 : 1)];
    }

    /// <summary>For each overlapped forward the backward that overlaps with it.</summary>
    public IReadOnlyDictionary<Operation, Operation> Pairs => _backwardOf;

    /// <summary>All backwards split.</summary>
    public static OperationSelection Split(Problem problem) => new(problem, fused: false, EvenShare(problem));

    /// <summary>All backwards fused.</summary>
    public static OperationSelection Fused(Problem problem) => new(problem, fused: true, EvenShare(problem));

    /// <summary>Split where the problem allows it, else fused: what a search chooses among, since a fused backward is never better.</summary>
    public static OperationSelection Finest(Problem problem) => Finest(problem, EvenShare(problem));

    /// <summary>As <see cref="Finest(Problem)"/>, with so many microbatches in the first pipe: those of the lowest numbers.</summary>
    public static OperationSelection Finest(Problem problem, int firstPipe) => new(problem, fused: !problem.SplitBackward, firstPipe);

    /// <summary>The microbatches of the first pipe when both have as many, as far as memory has room for both: all of them for placements of one pipe.</summary>
    public static int EvenShare(Problem problem) =>
        problem.Placement.Pipes == 1 || !problem.HasRoomFor(1) ? problem.Microbatches
        : problem.HasRoomFor(0) ? (problem.Microbatches + 1) / 2
        : 0;

    /// <summary>The selection that a set of operations makes, device by device in their order: fused where it has a fused backward.</summary>
    public static OperationSelection Of(Problem problem, IEnumerable<Operation> operations)
    {
        var selection = Split(problem);
        Operation? forward = null;
        foreach (var operation in operations)
        {
            var (_, pipe, _, microbatch) = operation;
            if (microbatch >= 0 && microbatch < selection._pipes.Length) selection._pipes[microbatch] = pipe;
            if (operation.IsWholeBackward && selection.TryIndex(operation, out var index)) selection._fused[index] = true;
            if (operation.EndsPair && forward is { } first && selection._pairedBackwards.Add(operation)) selection._backwardOf[first] = operation;
            forward = operation.BeginsPair ? operation : null;
        }

        return selection;
    }

    /// <summary>The pipe that a microbatch runs down.</summary>
    public int PipeOf(int microbatch) => _pipes[microbatch];

    /// <summary>Whether the backward of a stage on a slice of a microbatch is fused.</summary>
    public bool IsFused(int stage, int microbatch, int slice) => _fused[(microbatch * _stages + stage) * _slices + slice];

    /// <summary>Whether a forward overlaps with a backward, or a backward with a forward.</summary>
    public bool IsPaired(Operation operation) => _backwardOf.ContainsKey(operation) || _pairedBackwards.Contains(operation);

    private bool TryIndex(Operation operation, out int index)
    {
        index = (operation.Microbatch * _stages + operation.Stage) * _slices + operation.Slice;
        return operation.Stage >= 0 && operation.Stage < _stages && operation.Slice >= 0 && operation.Slice < _slices
            && operation.Microbatch >= 0 && operation.Microbatch < _pipes.Length;
    }
}

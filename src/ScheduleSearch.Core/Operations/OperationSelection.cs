using System.Collections;
using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// Which of the alternative operations an iteration is made of: the pipe that each microbatch runs down, whether the backward of a stage on
/// a microbatch is split in input and weight gradient or fused, and which forwards and backwards overlap. An immutable value: two selections of a
/// problem are equal when they select the same operations, and the operations of a schedule say what its selection is.
/// </summary>
public sealed class OperationSelection : IEquatable<OperationSelection>
{
    private readonly BitArray _fused;
    private readonly ImmutableArray<int> _pipes;
    private readonly Dictionary<Operation, Operation> _backwardOf;
    private readonly HashSet<Operation> _overlappedBackwards;
    private readonly int _stages;
    private readonly int _slices;

    private OperationSelection(Problem problem, BitArray fused, ImmutableArray<int> pipes, Dictionary<Operation, Operation> backwardOf)
    {
        (_stages, _slices, _fused, _pipes) = (problem.Stages, problem.SliceCount, fused, pipes);
        _backwardOf = backwardOf;
        _overlappedBackwards = [.. backwardOf.Values];
    }

    /// <summary>For each overlapped forward the backward that overlaps with it.</summary>
    public IReadOnlyDictionary<Operation, Operation> Pairs => _backwardOf;

    /// <summary>All backwards split.</summary>
    public static OperationSelection Split(Problem problem) => Whole(problem, fused: false, EvenShare(problem));

    /// <summary>All backwards fused.</summary>
    public static OperationSelection Fused(Problem problem) => Whole(problem, fused: true, EvenShare(problem));

    /// <summary>Split where the problem allows it, else fused: what a search chooses among, since a fused backward is never better.</summary>
    public static OperationSelection Finest(Problem problem) => Finest(problem, EvenShare(problem));

    /// <summary>As <see cref="Finest(Problem)"/>, with so many microbatches in the first pipe: those of the lowest numbers.</summary>
    public static OperationSelection Finest(Problem problem, int firstPipe) => Whole(problem, fused: !problem.SplitBackward, firstPipe);

    /// <summary>
    /// The microbatches of the first pipe when both have as many, as far as memory has room for both: all of them for placements of one
    /// pipe.
    /// </summary>
    public static int EvenShare(Problem problem) =>
        problem.Placement.Pipes == 1 || !problem.HasRoomFor(1) ? problem.Microbatches
        : problem.HasRoomFor(0) ? (problem.Microbatches + 1) / 2
        : 0;

    /// <summary>The selection that a set of operations makes, device by device in their order: fused where it has a fused backward.</summary>
    public static OperationSelection Of(Problem problem, IEnumerable<Operation> operations)
    {
        var fused = new BitArray(Cells(problem));
        var pipes = PipesOf(problem, EvenShare(problem)).ToArray();
        var (backwardOf, overlapped) = (new Dictionary<Operation, Operation>(), new HashSet<Operation>());
        Operation? forward = null;
        foreach (var operation in operations)
        {
            var (_, pipe, stage, microbatch) = operation;
            if (!operation.Facts.IsOfMicrobatch) continue;
            if (microbatch >= 0 && microbatch < pipes.Length) pipes[microbatch] = pipe;
            if (operation.IsWholeBackward && IsCell(problem, operation) && problem.HasBackward(stage))
                fused[Cell(problem.Stages, problem.SliceCount, stage, microbatch, operation.Slice)] = true;
            if (operation.EndsPair && forward is { } first && overlapped.Add(operation)) backwardOf[first] = operation;
            forward = operation.BeginsPair ? operation : null;
        }

        return new OperationSelection(problem, fused, [.. pipes], backwardOf);
    }

    /// <summary>The pipe that a microbatch runs down.</summary>
    public int PipeOf(int microbatch) => _pipes[microbatch];

    /// <summary>The number of microbatches that run down a pipe.</summary>
    public int CountOn(int pipe) => _pipes.Count(other => other == pipe);

    /// <summary>Whether the backward of a stage on a slice of a microbatch is fused.</summary>
    public bool IsFused(int stage, int microbatch, int slice) => _fused[Cell(_stages, _slices, stage, microbatch, slice)];

    /// <summary>Whether a forward overlaps with a backward, or a backward with a forward.</summary>
    public bool IsPaired(Operation operation) => _backwardOf.ContainsKey(operation) || _overlappedBackwards.Contains(operation);

    /// <inheritdoc/>
    public bool Equals(OperationSelection? other) =>
        other is not null && _stages == other._stages && _slices == other._slices && _pipes.SequenceEqual(other._pipes)
        && ((BitArray)_fused.Clone()).Xor(other._fused).HasAnySet() == false
        && _backwardOf.Count == other._backwardOf.Count
        && _backwardOf.All(pair => other._backwardOf.TryGetValue(pair.Key, out var backward) && backward == pair.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OperationSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_stages, _slices, _pipes.Length, CountOn(0), _backwardOf.Count);

    private static OperationSelection Whole(Problem problem, bool fused, int firstPipe)
    {
        var cells = new BitArray(Cells(problem), fused);
        // What has no backward has none that is fused.
        for (var cell = 0; problem.FrozenStages > 0 && cell < cells.Length; cell++)
            cells[cell] &= problem.HasBackward(cell / problem.SliceCount % problem.Stages);
        return new(problem, cells, [.. PipesOf(problem, firstPipe)], []);
    }

    private static IEnumerable<int> PipesOf(Problem problem, int firstPipe) =>
        Enumerable.Range(0, problem.Microbatches).Select(microbatch => microbatch < firstPipe ? 0 : 1);

    private static int Cells(Problem problem) => problem.Stages * problem.Microbatches * problem.SliceCount;

    private static int Cell(int stages, int slices, int stage, int microbatch, int slice) => (microbatch * stages + stage) * slices + slice;

    private static bool IsCell(Problem problem, Operation operation) =>
        operation.Stage >= 0 && operation.Stage < problem.Stages && operation.Slice >= 0 && operation.Slice < problem.SliceCount
        && operation.Microbatch >= 0 && operation.Microbatch < problem.Microbatches;
}

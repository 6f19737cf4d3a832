using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What a cell of a schedule's CSV has its rank compute: an operation, or two that overlap.</summary>
/// <param name="Cell">The cell of the row, from 0.</param>
/// <param name="Operation">What is computed; of a pair the forward.</param>
/// <param name="Backward">The backward that overlaps with it; null for an operation alone.</param>
public readonly record struct CsvComputation(int Cell, Operation Operation, Operation? Backward);

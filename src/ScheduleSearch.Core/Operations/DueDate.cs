namespace ScheduleSearch.Core.Operations;

/// <summary>An operation that has to be done in time, in ticks from the begin of the iteration.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="End">When it must have ended; <see cref="long.MaxValue"/> where only something after it has a deadline.</param>
/// <param name="Start">A start that is early enough: where all operations that have one start by theirs, each keeps its deadline.</param>
public readonly record struct DueDate(int Operation, long End, long Start);

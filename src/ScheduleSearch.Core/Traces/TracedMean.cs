using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Traces;

/// <summary>What an operation took in the mean over many.</summary>
/// <param name="Replica">Which of the ranks that hold the same stages, from 0.</param>
/// <param name="Step">The number of the stretch of steps that it is the mean of, from 0.</param>
/// <param name="Rank">The pipeline rank; null where it is of all ranks.</param>
/// <param name="Chunk">Which of the stages of the rank, from 0; null where it is of all of them.</param>
/// <param name="Kind">Forward, backward, input gradient or weight gradient.</param>
/// <param name="Duration">Milliseconds of one microbatch.</param>
public readonly record struct TracedMean(int Replica, int Step, int? Rank, int? Chunk, OperationKind Kind, double Duration);

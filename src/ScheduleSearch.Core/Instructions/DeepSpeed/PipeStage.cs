namespace ScheduleSearch.Core.Instructions.DeepSpeed;

/// <summary>What one stage does: instructions by step, and how many buffers they need.</summary>
/// <param name="Buffers">The number of buffers.</param>
/// <param name="Steps">For each step its instructions, all stages having the same number of steps.</param>
internal sealed record PipeStage(int Buffers, IReadOnlyList<IReadOnlyList<PipeInstruction>> Steps);

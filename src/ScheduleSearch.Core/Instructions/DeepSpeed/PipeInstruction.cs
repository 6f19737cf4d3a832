namespace ScheduleSearch.Core.Instructions.DeepSpeed;

/// <summary>One of DeepSpeed's pipe instructions.</summary>
/// <param name="Name">Name of its class in <c>deepspeed.runtime.pipe.schedule</c>.</param>
/// <param name="Buffer">The pipe buffer that it works on; null when it takes none.</param>
internal readonly record struct PipeInstruction(string Name, int? Buffer);

/// <summary>What one stage does: instructions by step, and how many buffers they need.</summary>
/// <param name="Buffers">The number of buffers.</param>
/// <param name="Steps">For each step its instructions, all stages having the same number of steps.</param>
internal sealed record PipeStage(int Buffers, IReadOnlyList<IReadOnlyList<PipeInstruction>> Steps);

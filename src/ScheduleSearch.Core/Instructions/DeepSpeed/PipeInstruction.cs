namespace ScheduleSearch.Core.Instructions.DeepSpeed;

/// <summary>One of DeepSpeed's pipe instructions.</summary>
/// <param name="Name">Name of its class in <c>deepspeed.runtime.pipe.schedule</c>.</param>
/// <param name="Buffer">The pipe buffer that it works on; null when it takes none.</param>
internal readonly record struct PipeInstruction(string Name, int? Buffer);

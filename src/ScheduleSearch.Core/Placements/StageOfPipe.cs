namespace ScheduleSearch.Core.Placements;

/// <summary>Where a stage of a pipe stands.</summary>
/// <param name="Pipe">The pipe (a direction or weight replica), from 0.</param>
/// <param name="Stage">The stage within the pipe, from 0.</param>
public readonly record struct StageOfPipe(int Pipe, int Stage);

using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>One of the two operations of an overlapped pair.</summary>
/// <param name="Pipe">The pipe, for placements of two.</param>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Microbatch" example="0">The microbatch, from 0.</param>
internal readonly record struct HalfAnswer(int? Pipe, int Stage, int Microbatch)
{
    public static HalfAnswer Of(Operation operation, int? pipe) => new(pipe, operation.Stage, operation.Microbatch);
}

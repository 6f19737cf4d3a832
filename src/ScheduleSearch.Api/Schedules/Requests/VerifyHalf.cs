namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>One of the two operations of an overlapped pair.</summary>
/// <param name="Pipe">The pipe, from 0. Default 0.</param>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Microbatch" example="0">The microbatch, from 0.</param>
/// <param name="Slice">The slice, which no pair has: 0, or left out.</param>
internal sealed record VerifyHalf(int? Pipe, int Stage, int Microbatch, int? Slice);

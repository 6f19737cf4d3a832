namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>An operation of somebody's order, in the form in which answers list it.</summary>
/// <param name="Op" example="forward"><c>forward</c>, <c>backwardInput</c>, <c>backwardWeight</c>, <c>backward</c>, <c>recompute</c>,
/// <c>overlapped</c>, <c>send</c>, <c>sendGradient</c> or <c>fill</c>.</param>
/// <param name="Pipe">The pipe, from 0. Default 0.</param>
/// <param name="Stage" example="0">The stage, from 0; all but <c>overlapped</c> need it.</param>
/// <param name="Microbatch" example="0">The microbatch, from 0; all but <c>overlapped</c> need it.</param>
/// <param name="Slice">The slice of the microbatch, from 0. Default 0.</param>
/// <param name="Item">The item of the profile's <c>fill</c>; pieces of one need it, and nothing else has it.</param>
/// <param name="Lane">As answers state it; the operation's kind decides.</param>
/// <param name="Forward">The forward of an <c>overlapped</c> pair.</param>
/// <param name="Backward">The backward of an <c>overlapped</c> pair.</param>
/// <param name="Start" example="0">The start that is claimed.</param>
/// <param name="End" example="1">The end that is claimed.</param>
internal sealed record VerifyOperation(
    string Op, int? Pipe, int? Stage, int? Microbatch, int? Slice, string? Item, string? Lane, VerifyHalf? Forward, VerifyHalf? Backward, decimal? Start,
    decimal? End);

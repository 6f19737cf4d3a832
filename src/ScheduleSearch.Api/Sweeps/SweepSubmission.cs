using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>A sweep that was read and is right.</summary>
/// <param name="Plan">What it consists of.</param>
/// <param name="Requests">The requests of its points, each problem once, in the order in which they are searched: those with the least memory first.</param>
/// <param name="Digest">A digest of the body, in 64 hex digits.</param>
internal sealed record SweepSubmission(SweepPlan Plan, IReadOnlyList<SubmittedRequest> Requests, string Digest);

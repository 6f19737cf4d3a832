using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What compare takes.</summary>
/// <param name="Profile">What a training launcher knows of its pipeline.</param>
/// <param name="Options">What is to be optimised and how much may be spent on it; a family counts for nothing here.</param>
internal sealed record CompareRequest(Profile Profile, SolveOptions? Options);

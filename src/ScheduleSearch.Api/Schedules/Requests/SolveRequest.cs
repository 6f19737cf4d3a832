using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What solve and compare take.</summary>
/// <param name="Profile">What a training launcher knows of its pipeline.</param>
/// <param name="Options">What is to be optimised and how much may be spent on it.</param>
internal sealed record SolveRequest(Profile Profile, SolveOptions? Options);

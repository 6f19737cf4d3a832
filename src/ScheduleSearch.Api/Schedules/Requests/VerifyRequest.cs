using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What verify takes: a profile and somebody's order of its operations.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Options">Objective and splitBackward; the rest, a family among it, counts for nothing here.</param>
/// <param name="Devices">For each device its operations in order, all of them with start and end or none.</param>
internal sealed record VerifyRequest(Profile Profile, SolveOptions? Options, IReadOnlyList<IReadOnlyList<VerifyOperation>> Devices);

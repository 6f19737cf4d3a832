using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What verify takes: a profile and somebody's order of its operations, or the id of a stored schedule.</summary>
/// <param name="Profile">The profile; goes with <c>devices</c> or <c>csv</c>.</param>
/// <param name="Options">Objective and splitBackward; the rest, a family among it, counts for nothing here.</param>
/// <param name="Devices">For each device its operations in order, all of them with start and end or none.</param>
/// <param name="Csv">The order as a schedule's CSV of torch.distributed.pipelining, in the place of <c>devices</c>: a row for each rank, compute-only or with
/// communication, which does not count.</param>
/// <param name="Id">The id of a stored schedule, in the place of all others.</param>
/// <param name="Store">Whether an order that breaks no rule is stored, under an id of its own, to be looked at, shared and fetched as any schedule. By default
/// it is where the caller may have searches stored, too: with the role solve, or where no keys are required.</param>
internal sealed record VerifyRequest(
    Profile? Profile, SolveOptions? Options, IReadOnlyList<IReadOnlyList<VerifyOperation>>? Devices, string? Csv, string? Id,
    bool? Store);

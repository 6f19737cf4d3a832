using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Batches;

/// <summary>What a batch takes; the list alone will do too.</summary>
/// <param name="Requests">Each a body that solve takes.</param>
internal sealed record BatchRequest(IReadOnlyList<SolveRequest> Requests);

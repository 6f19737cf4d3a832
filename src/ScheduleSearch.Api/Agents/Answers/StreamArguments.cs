namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>What the tool instructions takes.</summary>
/// <param name="Id" example="6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba">The id of a schedule: 64 hex digits.</param>
/// <param name="Format" example="pytorch">The runtime's format. Default native.</param>
/// <param name="Rank" example="0">One device only, from 0. Default: all.</param>
/// <param name="Version">The runtime's release, where its releases read different streams. Default: the newest.</param>
/// <param name="Revision">The name of the schedule, as an answer states it: 16 hex digits. Default: the present one.</param>
internal sealed record StreamArguments(string Id, string? Format, int? Rank, string? Version, string? Revision);

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>What the tool explain takes.</summary>
/// <param name="Id" example="6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba">The id of a schedule: 64 hex digits.</param>
internal sealed record ExplainArguments(string Id);

using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>A member of a request that varies.</summary>
/// <param name="Name">Its path, as it was given.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Values">What it takes, one after the other; at least one.</param>
internal sealed record SweepAxis(string Name, MemberPath Path, IReadOnlyList<JsonNode?> Values);

using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>A request to start from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Request">A body that solve takes.</param>
internal sealed record Example(string Name, string Description, JsonNode Request);

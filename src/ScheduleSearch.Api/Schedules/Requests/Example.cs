using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>A request to start from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Request">A body that solve takes.</param>
internal sealed record Example(string Name, string Description, JsonNode Request)
{
    /// <summary>Whether only solve takes it: its profile leaves something open, or durations vary.</summary>
    public bool IsOfSolve() => Request["options"]?["noise"] is not null
        || PlacementChoice.IsOne(ProfileJson.ReadProfile(JsonSerializer.SerializeToElement(Request["profile"]), "$.profile", [])!);
}

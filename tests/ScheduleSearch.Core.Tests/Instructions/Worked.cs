using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>The worked schedules for p=4, m=8 and unit times, replayed.</summary>
internal static class Worked
{
    private static readonly JsonElement Oracle =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "golden_p4_m8.json"))).RootElement;

    public static Timeline Of(string name, string placement = "linear", int chunks = 1, Objective objective = Objective.Makespan, string? profileName = null)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, chunks, placement) with { Name = profileName };
        var orders = Oracle.GetProperty(name).GetProperty("devices").EnumerateArray().Select(device => device.EnumerateArray().Select(Read).ToList());
        return Replay.Run(Schedule.Of(Problem.Create(profile, objective), [.. orders]));
    }

    private static Operation Read(JsonElement entry) => new(
        entry[0].GetString() switch
        {
            "F" => OperationKind.Forward,
            "B" => OperationKind.BackwardInput,
            "W" => OperationKind.BackwardWeight,
            _ => OperationKind.Backward,
        },
        entry[1].GetInt32(),
        entry[2].GetInt32(),
        entry[3].GetInt32());
}

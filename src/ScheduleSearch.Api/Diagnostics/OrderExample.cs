using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>An order to verify that breaks no rule: 1F1B of two devices and two microbatches.</summary>
internal static class OrderExample
{
    private const string Profile =
        """{ "pipeline": { "devices": 2, "microbatches": 2 }, "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 } }""";

    /// <summary>A body that verify takes.</summary>
    public static JsonObject Request()
    {
        using var profile = JsonDocument.Parse(Profile);
        var problem = Problem.Create(ProfileJson.ReadProfile(profile.RootElement, "$.profile", [])!, Objective.Makespan, splitBackward: true);
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem));
        var devices = Enumerable.Range(0, problem.Devices).Select(device => OperationAnswer.On(timeline, device));
        return new JsonObject { ["profile"] = JsonNode.Parse(Profile), ["devices"] = JsonSerializer.SerializeToNode(devices, AnswerJson.Options) };
    }
}

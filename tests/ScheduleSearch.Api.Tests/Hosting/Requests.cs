using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>Bodies of requests. Each microbatch count is a problem of its own.</summary>
internal static class Requests
{
    /// <summary>Four devices in unit times.</summary>
    public static JsonObject Solve(
        int microbatches = 4, double seconds = 5, double gap = 0, long? work = null, int devices = 4, string objective = "makespan", decimal? limit = null)
    {
        var profile = new JsonObject
        {
            ["name"] = "test",
            ["pipeline"] = new JsonObject { ["devices"] = devices, ["microbatches"] = microbatches },
            ["times"] = new JsonObject { ["forward"] = 1.25, ["backwardInput"] = 1, ["backwardWeight"] = 1, ["communication"] = 0.1 },
        };
        if (limit is { } most) profile["memory"] = new JsonObject { ["limit"] = most, ["activation"] = 1 };
        var options = new JsonObject { ["objective"] = objective, ["timeLimitSeconds"] = seconds, ["targetGap"] = gap };
        if (work is { } units) options["workLimit"] = units;
        return new JsonObject { ["profile"] = profile, ["options"] = options };
    }

    /// <summary>Uneven stages and tight memory, for five minutes: no bound in closed form is reached.</summary>
    public static JsonNode Open() => JsonNode.Parse("""
        {
          "profile": {
            "pipeline": { "devices": 4, "microbatches": 40 },
            "times": { "forward": [7, 11, 5, 13], "backwardInput": [9, 12, 8, 10], "backwardWeight": [5, 6, 7, 4], "communication": 1.5 },
            "memory": { "limit": [3, 4, 3, 2], "activation": 1, "retained": 0.4 }
          },
          "options": { "timeLimitSeconds": 300 }
        }
        """)!;

    /// <summary>A body with one member set to what the JSON says; a path such as <c>profile.times.forward</c>.</summary>
    public static string With(string path, string json) =>
        Changed(Solve(), path, owner => (member => owner[member] = "§")).Replace("\"\\u00A7\"", json, StringComparison.Ordinal);

    /// <summary>A body without one member.</summary>
    public static string Without(string path) => Changed(Solve(), path, owner => (member => owner.Remove(member)));

    private static string Changed(JsonObject body, string path, Func<JsonObject, Action<string>> change)
    {
        var members = path.Split('.');
        var owner = members[..^1].Aggregate(body, (at, member) => at[member] as JsonObject ?? (JsonObject)(at[member] = new JsonObject()));
        change(owner)(members[^1]);
        return body.ToJsonString();
    }
}

using System.Text.Json;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A request that stands in tests/Profiles with the best result that published schedulers reached on it.</summary>
internal sealed record StoredRequest(Problem Problem, decimal PeersBest)
{
    public static IEnumerable<string> Names(string ending) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Profiles"), $"*{ending}.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order();

    public static StoredRequest Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Profiles", $"{name}.json")));
        var request = document.RootElement.GetProperty("request");
        return new StoredRequest(ProblemOf(request), document.RootElement.GetProperty("peers").GetProperty("best").GetDecimal());
    }

    /// <summary>The problem of a body that solve takes.</summary>
    public static Problem ProblemOf(JsonElement request)
    {
        var (profile, options) = (request.GetProperty("profile"), request.GetProperty("options"));
        return Problem.Create(
            ProfileOf(profile),
            Enum.Parse<Objective>(options.GetProperty("objective").GetString()!, ignoreCase: true),
            !options.TryGetProperty("splitBackward", out var split) || split.GetBoolean());
    }

    private static Profile ProfileOf(JsonElement profile)
    {
        var (pipeline, times) = (profile.GetProperty("pipeline"), profile.GetProperty("times"));
        return new Profile
        {
            Pipeline = new()
            {
                Devices = pipeline.GetProperty("devices").GetInt32(),
                Chunks = pipeline.TryGetProperty("chunks", out var chunks) ? chunks.GetInt32() : 1,
                Placement = pipeline.TryGetProperty("placement", out var placement) ? placement.GetString() : null,
                Microbatches = pipeline.GetProperty("microbatches").GetInt32(),
            },
            Times = new()
            {
                Unit = Enum.Parse<TimeUnit>(times.GetProperty("unit").GetString()!),
                Forward = times.GetProperty("forward").GetDecimal(),
                BackwardInput = times.GetProperty("backwardInput").GetDecimal(),
                BackwardWeight = times.GetProperty("backwardWeight").GetDecimal(),
                Communication = times.GetProperty("communication").GetDecimal(),
            },
            Memory = profile.TryGetProperty("memory", out var memory) ? MemoryOf(memory) : null,
        };
    }

    private static ActivationMemory MemoryOf(JsonElement memory) => new()
    {
        Unit = Enum.Parse<MemoryUnit>(memory.GetProperty("unit").GetString()!),
        Limit = memory.GetProperty("limit").GetDecimal(),
        Activation = memory.GetProperty("activation").GetDecimal(),
        Retained = memory.TryGetProperty("retained", out var retained) ? StageValues.Same(retained.GetDecimal()) : null,
    };
}

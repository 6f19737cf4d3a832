using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A request that stands in tests/Profiles, with what others reached on it in the profile's unit.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Problem">The problem.</param>
/// <param name="PeersBest">The best objective of the published schedulers.</param>
/// <param name="PeersName">Which of them reached it.</param>
/// <param name="BestKnown">What a prototype of the search reached in about 30 s on one core; null where it was not run.</param>
internal sealed record StoredRequest(string Name, Problem Problem, decimal PeersBest, string PeersName, decimal? BestKnown)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Profiles");

    /// <summary>The names that end so, in order.</summary>
    public static IEnumerable<string> Names(string ending = "") =>
        Directory.EnumerateFiles(Folder, $"*{ending}.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static StoredRequest Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")));
        var (root, peers) = (document.RootElement, document.RootElement.GetProperty("peers"));
        return new StoredRequest(
            name,
            ProblemOf(root.GetProperty("request")),
            peers.GetProperty("best").GetDecimal(),
            peers.GetProperty("by").GetString()!,
            root.TryGetProperty("bestKnown", out var known) ? known.GetDecimal() : null);
    }

    /// <summary>The problem of a body that solve takes.</summary>
    public static Problem ProblemOf(JsonElement request)
    {
        var errors = new List<ProfileError>();
        var profile = ProfileJson.ReadProfile(request.GetProperty("profile"), "$.profile", errors);
        var options = ProfileJson.ReadOptions(request.GetProperty("options"), "$.options", errors);
        return profile is null || options is null
            ? throw new InvalidProfileException(errors)
            : Problem.Create(profile, options.Objective, options.SplitBackward);
    }
}

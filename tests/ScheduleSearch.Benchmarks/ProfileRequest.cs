using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Benchmarks;

/// <summary>A request with what others reached on it.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Options">The request's options.</param>
/// <param name="Peer">The best objective of the published schedulers, in the profile's unit.</param>
/// <param name="PeerName">Which of them reached it.</param>
/// <param name="BestKnown">What a prototype of this search reached in about 30 s on one core; null where it was not run.</param>
internal sealed record ProfileRequest(string Name, Problem Problem, SolveOptions Options, decimal Peer, string PeerName, decimal? BestKnown)
{
    /// <summary>All requests that stand beside the program, by name.</summary>
    public static IEnumerable<ProfileRequest> All() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Profiles"), "*.json").Order(StringComparer.Ordinal).Select(Read);

    private static ProfileRequest Read(string file)
    {
        var root = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        var errors = new List<ProfileError>();
        var request = root.GetProperty("request");
        var profile = ProfileJson.ReadProfile(request.GetProperty("profile"), "$.profile", errors);
        var options = ProfileJson.ReadOptions(request.GetProperty("options"), "$.options", errors);
        if (profile is null || options is null) throw new InvalidProfileException(errors);
        var peers = root.GetProperty("peers");
        return new(
            Path.GetFileNameWithoutExtension(file),
            Problem.Create(profile, options.Objective, options.SplitBackward),
            options,
            peers.GetProperty("best").GetDecimal(),
            peers.GetProperty("by").GetString()!,
            root.TryGetProperty("bestKnown", out var known) && known.ValueKind == JsonValueKind.Number ? known.GetDecimal() : null);
    }
}

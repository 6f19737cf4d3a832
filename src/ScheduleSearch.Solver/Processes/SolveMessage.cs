using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Processes;

/// <summary>What the parent asks of a child, on one line.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Options">Objective, splitBackward, noise and its statistic, as a request has them.</param>
/// <param name="Seconds">Seconds to search.</param>
/// <param name="TargetGap">The gap that is good enough.</param>
/// <param name="Work">Work units to search instead; null for none.</param>
/// <param name="Seed">Seed of every random choice.</param>
/// <param name="Workers">Threads to use.</param>
/// <param name="Start">What the search goes on from.</param>
internal sealed record SolveMessage(
    JsonElement Profile, JsonElement Options, double Seconds, double TargetGap, long? Work, int Seed, int Workers, FoundMessage Start)
{
    /// <summary>The line that stops a search.</summary>
    public const string Stop = "stop";

    public static SolveMessage Of(SearchBoard board, SolveOptions options, double seconds, int workers) => new(
        Written(writer => ProfileJson.Write(writer, board.Problem.Profile)),
        Written(writer => ProfileJson.Write(writer, SolveOptions.Of(board.Problem))),
        seconds,
        options.TargetGap,
        options.WorkLimit,
        options.Seed,
        workers,
        FoundMessage.Of(board));

    /// <exception cref="InvalidProfileException">The parent sent a profile that does not read back.</exception>
    public Problem ReadProblem()
    {
        var errors = new List<ProfileError>();
        var profile = ProfileJson.ReadProfile(Profile, "$.profile", errors);
        var options = ProfileJson.ReadOptions(Options, "$.options", errors);
        return profile is null || options is null ? throw new InvalidProfileException(errors) : Problem.Of(profile, options, ProblemLimits.None);
    }

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) write(writer);
        return JsonDocument.Parse(stream.ToArray()).RootElement.Clone();
    }
}

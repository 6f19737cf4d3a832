using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Processes;

/// <summary>What the parent asks of a child, on one line.</summary>
internal sealed record SolveMessage(
    JsonElement Profile, Objective Objective, bool SplitBackward, double Seconds, double TargetGap, long? Work, int Seed, int Workers, FoundMessage Start)
{
    /// <summary>The line that stops a search.</summary>
    public const string Stop = "stop";

    public static SolveMessage Of(SearchBoard board, SolveOptions options, double seconds, int workers) => new(
        ProfileElement(board.Problem.Profile),
        board.Problem.Objective,
        board.Problem.SplitBackward,
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
        var profile = ProfileJson.ReadProfile(Profile, "$.profile", errors) ?? throw new InvalidProfileException(errors);
        return Problem.Create(profile, Objective, SplitBackward, ProblemLimits.None);
    }

    private static JsonElement ProfileElement(Profile profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ProfileJson.Write(writer, profile);
        return JsonDocument.Parse(stream.ToArray()).RootElement.Clone();
    }
}

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What the runtime that a request names takes to run the schedule.</summary>
/// <param name="Runtime">The runtime.</param>
/// <param name="Format">The format of the stream that it reads.</param>
/// <param name="Instructions">Where the stream stands.</param>
/// <param name="Document">Where all that goes with it stands: settings, the rank of each stage, notes.</param>
/// <param name="Settings">The flags and settings to launch with, by name; absent where there is no schedule yet or the runtime cannot run it.</param>
/// <param name="Refused">Why the runtime cannot run this very schedule, and what to change; absent when it can.</param>
internal sealed record LaunchAnswer(
    string Runtime, string Format, string Instructions, string Document, IReadOnlyDictionary<string, string>? Settings = null, string? Refused = null);

using System.Reflection;
using System.Text.Json;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>The examples: a new one is a new file in the folder Examples.</summary>
internal static class Examples
{
    /// <summary>The examples, by file name.</summary>
    public static IReadOnlyList<Example> All { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Order().Select(Read)];

    private static Example Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<Example>(stream, AnswerJson.Options)!;
    }
}

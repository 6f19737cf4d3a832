using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Diagnostics;

namespace ScheduleSearch.Api.Schedules;

/// <summary>A request to start from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Request">A body that solve takes.</param>
internal sealed record Example(string Name, string Description, JsonNode Request);

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

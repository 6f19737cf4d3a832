using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Traces;
using ScheduleSearch.Core.Traces.Runs;

namespace ScheduleSearch.Tests.Shared;

/// <summary>The recorded runs in tests/Traces.</summary>
internal static class RecordedRun
{
    /// <summary>Even microbatches: four ranks, the last of which is long.</summary>
    public const string Even = "timeline-ST";

    /// <summary>Microbatches of uneven sequences: two ranks, eight replicas.</summary>
    public const string Uneven = "timeline-SE-replicas-0-7";

    /// <summary>Eight ranks, with their memory.</summary>
    public const string WithMemory = "primus-pp8";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Traces");

    /// <summary>The runs.</summary>
    public static IReadOnlyList<string> All { get; } = [Even, Uneven, WithMemory];

    /// <summary>A run as it is imported.</summary>
    public static ImportedProfile Import(string name, int? warmUpSteps = null) =>
        TraceImporter.Of(new() { Name = name, Files = FilesOf(name), WarmUpSteps = warmUpSteps }, ProblemLimits.Default);

    /// <summary>The files of a run.</summary>
    public static ImmutableArray<TraceFile> FilesOf(string name)
    {
        var folder = Path.Combine(Folder, name);
        string[] paths = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)]
            : [Path.Combine(Folder, $"{name}.json.gz")];
        return [.. paths.Select((path, index) => new TraceFile(Path.GetFileName(path), $"$.files[{index}].content", JsonOf(path)))];
    }

    private static JsonElement JsonOf(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var document = JsonDocument.Parse(plain);
        return document.RootElement.Clone();
    }
}

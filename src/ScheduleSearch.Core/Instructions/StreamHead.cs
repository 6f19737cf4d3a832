using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>What goes with a stream: the problem, the rank of each stage, the settings that the runtime needs, and what the schedule costs.</summary>
public static class StreamHead
{
    /// <summary>
    /// Writes a JSON object of <c>format</c>, <c>version</c>, <c>id</c>, units, <c>microbatches</c>, <c>placement</c>, <c>settings</c> and
    /// metrics, and of <c>notes</c> where there are any.
    /// </summary>
    /// <param name="timeline">The schedule with its times, which the format carries.</param>
    /// <param name="format">The format of the stream. The metrics are those of what it writes.</param>
    /// <param name="output">Where the bytes go.</param>
    public static void Write(Timeline timeline, IInstructionFormat format, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteMembers(json, format.AsWritten(timeline), format, format.SettingsFor(timeline));
        if (format.NotesFor(timeline) is { Count: > 0 } notes) json.WriteArray("notes", notes, json.WriteStringValue);
        json.WriteEndObject();
    }

    /// <summary>Writes the members into an object that is open, with the metrics of a timeline as it is written.</summary>
    internal static void WriteMembers(Utf8JsonWriter json, Timeline timeline, IInstructionFormat format, IReadOnlyList<RuntimeSetting> settings)
    {
        var problem = timeline.Schedule.Problem;
        json.WriteString("format", format.Name);
        json.WriteNumber("version", 1);
        if (format.Version is { } version) json.WriteString("runtimeVersion", version);
        json.WriteString("id", timeline.Id);
        json.WriteString("timeUnit", problem.Profile.Times.Unit.ToString());
        json.WriteString("memoryUnit", (problem.Profile.Memory?.Unit ?? MemoryUnit.MiB).ToString());
        json.WriteNumber("microbatches", problem.Microbatches);
        if (problem.FrozenStages > 0) json.WriteNumber("frozenStages", problem.FrozenStages);
        WritePlacement(json, problem);
        WriteSettings(json, settings);
        WriteMetrics(json, problem, ScheduleMetrics.Of(timeline));
    }

    private static void WritePlacement(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject("placement");
        json.WriteString("name", problem.Placement.Name);
        json.WriteStartArray("ranksOfStages");
        for (var pipe = 0; pipe < problem.Placement.Pipes; pipe++)
        {
            json.WriteStartArray();
            for (var stage = 0; stage < problem.Stages; stage++) json.WriteNumberValue(problem.Placement.DeviceOf(pipe, stage));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, IReadOnlyList<RuntimeSetting> settings)
    {
        if (settings.Count == 0) return;
        json.WriteStartObject("settings");
        foreach (var (name, value) in settings) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, Problem problem, ScheduleMetrics metrics)
    {
        json.WriteString("objective", ProfileJson.NameOf(problem.Objective));
        json.WriteNumber("makespan", problem.TimeScale.FromTicks(metrics.Makespan));
        json.WriteNumber("span", problem.TimeScale.FromTicks(metrics.Span));
        json.WriteArray("peakMemory", metrics.PeakMemory, peak => json.WriteNumberValue(problem.MemoryScale.FromTicks(peak)));
        if (problem.Profile.Memory?.Weights is null) return;
        json.WriteArray(
            "weightMemory", Enumerable.Range(0, problem.Devices),
            device => json.WriteNumberValue(problem.MemoryScale.FromTicks(problem.WeightsOn(device))));
    }
}

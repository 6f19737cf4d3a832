using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

public static partial class ProfileJson
{
    /// <summary>Writes a profile as <see cref="ReadProfile(JsonElement, string, List{ProfileError})"/> reads it: the same numbers, so the same problem.</summary>
    public static void Write(Utf8JsonWriter writer, Profile profile)
    {
        writer.WriteStartObject();
        if (profile.Name is { } name) writer.WriteString("name", name);
        Write(writer, profile.Pipeline);
        Write(writer, profile.Times);
        if (profile.Memory is { } memory) Write(writer, memory);
        writer.WriteEndObject();
    }

    /// <summary>Writes options as <see cref="ReadOptions(JsonElement, string, List{ProfileError})"/> reads them.</summary>
    public static void Write(Utf8JsonWriter writer, SolveOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("objective", NameOf(options.Objective));
        writer.WriteNumber("timeLimitSeconds", options.TimeLimitSeconds);
        writer.WriteNumber("targetGap", options.TargetGap);
        writer.WriteBoolean("splitBackward", options.SplitBackward);
        if (options.WorkLimit is { } work) writer.WriteNumber("workLimit", work);
        writer.WriteNumber("seed", options.Seed);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PipelineShape pipeline)
    {
        writer.WriteStartObject("pipeline");
        writer.WriteNumber("devices", pipeline.Devices);
        writer.WriteNumber("chunks", pipeline.Chunks);
        if (pipeline.Placement is { } placement) writer.WriteString("placement", placement);
        if (pipeline.StageDevices is { } stageDevices)
        {
            writer.WriteStartArray("stageDevices");
            foreach (var device in stageDevices) writer.WriteNumberValue(device);
            writer.WriteEndArray();
        }

        writer.WriteNumber("microbatches", pipeline.Microbatches);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, OperationTimes times)
    {
        writer.WriteStartObject("times");
        writer.WriteString("unit", NameOf(times.Unit));
        Write(writer, "forward", times.Forward);
        Write(writer, "backwardInput", times.BackwardInput);
        Write(writer, "backwardWeight", times.BackwardWeight);
        if (times.Communication.Scalar is { } scalar)
        {
            writer.WriteNumber("communication", scalar);
        }
        else
        {
            writer.WriteStartArray("communication");
            foreach (var row in times.Communication.Matrix) WriteArray(writer, row);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ActivationMemory memory)
    {
        writer.WriteStartObject("memory");
        writer.WriteString("unit", NameOf(memory.Unit));
        if (memory.Limit is { } limit) Write(writer, "limit", limit);
        if (memory.Activation is { } activation) Write(writer, "activation", activation);
        if (memory.Retained is { } retained) Write(writer, "retained", retained);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, StageValues values)
    {
        writer.WritePropertyName(name);
        if (values.IsScalar) writer.WriteNumberValue(values.Numbers[0]);
        else WriteArray(writer, values.Numbers);
    }

    private static void WriteArray(Utf8JsonWriter writer, IEnumerable<decimal> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}

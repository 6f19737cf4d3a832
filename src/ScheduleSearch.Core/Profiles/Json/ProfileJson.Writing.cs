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
        if (profile.Overlap is { } overlap) Write(writer, overlap);
        if (profile.Slices is { } slices) Write(writer, slices);
        if (profile.Recompute is { } recompute) Write(writer, recompute);
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
        if (options.Family is { } family) writer.WriteString("family", family);
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
        if (memory.Weights is { } weights) Write(writer, "weights", weights);
        if (memory.Total is { } total) Write(writer, "total", total);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, OverlapTimes overlap)
    {
        writer.WriteStartObject("overlap");
        Write(writer, "duration", overlap.Duration);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SequenceSlices slices)
    {
        writer.WriteStartObject("slices");
        writer.WriteNumber("count", slices.Count);
        if (slices.Forward is { } forward) Write(writer, "forward", StageValues.Each(forward));
        if (slices.Backward is { } backward) Write(writer, "backward", StageValues.Each(backward));
        if (slices.Activation is { } activation) Write(writer, "activation", StageValues.Each(activation));
        if (slices.KeyValue is { } keyValue) Write(writer, "keyValue", keyValue);
        if (slices.Sequence is { } sequence) writer.WriteNumber("sequence", sequence);
        if (slices.Hidden is { } hidden) writer.WriteNumber("hidden", hidden);
        writer.WriteString("cut", NameOf(slices.Cut));
        writer.WriteNumber("multiple", slices.Multiple);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ActivationRecompute recompute)
    {
        writer.WriteStartObject("recompute");
        if (recompute.Time is { } time) Write(writer, "time", time);
        Write(writer, "kept", recompute.Kept);
        if (recompute.Stages is { } stages)
        {
            writer.WriteStartArray("choose");
            foreach (var stage in stages) writer.WriteNumberValue(stage);
            writer.WriteEndArray();
        }

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

using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>A stream as one JSON object: its head, then what the format lists. Bytes go on in pieces, so that no large text is held.</summary>
internal static class JsonStream
{
    private const int FlushAfter = 1 << 16;

    /// <summary>Writes the object; the format writes its members into it.</summary>
    public static void Write(
        Timeline timeline, IInstructionFormat format, IReadOnlyList<RuntimeSetting> settings, IBufferWriter<byte> output, Action<Utf8JsonWriter> members)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        StreamHead.WriteMembers(json, timeline, format, settings);
        members(json);
        json.WriteEndObject();
    }

    /// <summary>Writes a list as an array.</summary>
    public static void WriteArray<T>(this Utf8JsonWriter json, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
            if (json.BytesPending > FlushAfter) json.Flush();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a member that is an array.</summary>
    public static void WriteArray<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WritePropertyName(name);
        json.WriteArray(items, write);
    }
}

using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>Numbers of stages, devices and links in JSON: one for all, or arrays of one each.</summary>
internal static class JsonNumbers
{
    /// <summary>One number for all, or an array of one each; null when it is neither.</summary>
    public static StageValues? StageValues(this JsonValue value) =>
        value.IsArray ? value.Each(number => number.Number()) is { } numbers ? Profiles.StageValues.Each(numbers) : null
        : value.Number() is { } single ? Profiles.StageValues.Same(single) : null;

    /// <summary>One number for all pairs of devices, or a matrix; null when it is neither.</summary>
    public static LinkValues? LinkValues(this JsonValue value)
    {
        if (!value.IsArray) return value.Number() is { } single ? Profiles.LinkValues.Same(single) : null;
        var rows = value.Each(row => row.Each(number => number.Number()));
        return rows is { } matrix ? Profiles.LinkValues.Each(matrix.Select(row => row.AsEnumerable())) : null;
    }

    /// <summary>Writes one number for all as a number, else an array.</summary>
    public static void WriteStageValues(this Utf8JsonWriter writer, StageValues values)
    {
        if (values.IsScalar) writer.WriteNumberValue(values.Numbers[0]);
        else writer.WriteNumbers(values.Numbers);
    }

    /// <summary>Writes one number for all pairs as a number, else a matrix.</summary>
    public static void WriteLinkValues(this Utf8JsonWriter writer, LinkValues values)
    {
        if (values.Scalar is { } scalar)
        {
            writer.WriteNumberValue(scalar);
            return;
        }

        writer.WriteStartArray();
        foreach (var row in values.Matrix) writer.WriteNumbers(row);
        writer.WriteEndArray();
    }

    /// <summary>Writes an array of numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter writer, IEnumerable<decimal> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}

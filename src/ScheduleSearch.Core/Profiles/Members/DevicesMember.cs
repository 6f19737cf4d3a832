using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>The device of each stage: one list for one pipe; for two pipes a list of two lists, or one after the other in one.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The lists in a section, one or more; null when they are absent.</param>
/// <param name="set">The section with other lists.</param>
public sealed class DevicesMember<T>(
    string name, Func<T, ImmutableArray<ImmutableArray<int>>?> get, Func<T, ImmutableArray<ImmutableArray<int>>, T> set)
    : ValueMember<T, ImmutableArray<ImmutableArray<int>>?>(name, get, (section, lists) => set(section, lists!.Value))
    where T : class
{
    private protected override ImmutableArray<ImmutableArray<int>>? ReadValue(JsonValue value) =>
        value.IsArrayOfArrays ? value.Each(pipe => pipe.Each(device => device.Whole()))
        : value.Each(device => device.Whole()) is { } devices ? [devices]
        : null;

    private protected override void WriteValue(Utf8JsonWriter writer, ImmutableArray<ImmutableArray<int>>? value)
    {
        if (value!.Value is [var single])
        {
            WriteList(writer, single);
            return;
        }

        writer.WriteStartArray();
        foreach (var list in value.Value) WriteList(writer, list);
        writer.WriteEndArray();
    }

    private protected override IEnumerable<string> Text(ImmutableArray<ImmutableArray<int>>? value, Problem problem) =>
        value!.Value.SelectMany(list => list).Select(IdentityText.Of);

    private static void WriteList(Utf8JsonWriter writer, ImmutableArray<int> devices)
    {
        writer.WriteStartArray();
        foreach (var device in devices) writer.WriteNumberValue(device);
        writer.WriteEndArray();
    }
}

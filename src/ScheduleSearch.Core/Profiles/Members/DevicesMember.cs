using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>The device of each stage: one list for one pipe; for two pipes a list of two lists, or one after the other in one.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The devices in a section; null when they are absent.</param>
/// <param name="set">The section with other devices.</param>
public sealed class DevicesMember<T>(string name, Func<T, ImmutableArray<int>?> get, Func<T, ImmutableArray<int>, T> set)
    : ValueMember<T, ImmutableArray<int>?>(name, get, (section, devices) => set(section, devices!.Value))
    where T : class
{
    private protected override ImmutableArray<int>? ReadValue(JsonValue value) =>
        !value.IsArrayOfArrays ? value.Each(device => device.Whole())
        : value.Each(pipe => pipe.Each(device => device.Whole())) is { } pipes ? [.. pipes.SelectMany(pipe => pipe)]
        : null;

    private protected override void WriteValue(Utf8JsonWriter writer, ImmutableArray<int>? value)
    {
        writer.WriteStartArray();
        foreach (var device in value!.Value) writer.WriteNumberValue(device);
        writer.WriteEndArray();
    }

    private protected override IEnumerable<string> Text(ImmutableArray<int>? value, Problem problem) => value!.Value.Select(IdentityText.Of);
}

using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A list of names.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The names in a section; null when they are absent.</param>
/// <param name="set">The section with other names.</param>
public sealed class NamesMember<T>(string name, Func<T, ImmutableArray<string>?> get, Func<T, ImmutableArray<string>, T> set)
    : ValueMember<T, ImmutableArray<string>?>(name, get, (section, names) => set(section, names!.Value))
    where T : class
{
    private protected override ImmutableArray<string>? ReadValue(JsonValue value) => value.EachObject(each => each.Text(TextMember<T>.Longest));

    private protected override void WriteValue(Utf8JsonWriter writer, ImmutableArray<string>? value)
    {
        writer.WriteStartArray();
        foreach (var each in value!.Value) writer.WriteStringValue(each);
        writer.WriteEndArray();
    }

    private protected override IEnumerable<string> Text(ImmutableArray<string>? value, Problem problem) => value!.Value;
}

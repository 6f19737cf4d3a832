using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>True or false.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The value in a section; null when it is absent.</param>
/// <param name="set">The section with another value.</param>
public sealed class FlagMember<T>(string name, Func<T, bool?> get, Func<T, bool, T> set)
    : ValueMember<T, bool?>(name, get, (section, flag) => set(section, flag!.Value))
    where T : class
{
    private protected override bool? ReadValue(JsonValue value) => value.Flag();

    private protected override void WriteValue(Utf8JsonWriter writer, bool? value) => writer.WriteBooleanValue(value!.Value);

    private protected override IEnumerable<string> Text(bool? value, Problem problem) => [value!.Value ? "True" : "False"];
}

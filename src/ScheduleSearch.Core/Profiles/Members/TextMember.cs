using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A name.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The text in a section; null when it is absent.</param>
/// <param name="set">The section with another text.</param>
public sealed class TextMember<T>(string name, Func<T, string?> get, Func<T, string, T> set) : ValueMember<T, string>(name, get, set)
    where T : class
{
    /// <summary>The most characters of a name.</summary>
    internal const int Longest = 200;

    private protected override string? ReadValue(JsonValue value) => value.Text(Longest);

    private protected override void WriteValue(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    private protected override IEnumerable<string> Text(string value, Problem problem) => [value];
}

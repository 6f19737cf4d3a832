using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A whole number.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The number in a section; null when it is absent.</param>
/// <param name="set">The section with another number.</param>
public sealed class WholeMember<T>(string name, Func<T, int?> get, Func<T, int, T> set)
    : ValueMember<T, int?>(name, get, (section, number) => set(section, number!.Value))
    where T : class
{
    /// <summary>Whether it is a count of at least 1 and checked as one.</summary>
    public bool IsCount { get; init; }

    internal override void Check(SectionCheck check, T section)
    {
        if (IsCount && Of(section) is { } count) check.Count(Name, count);
    }

    private protected override int? ReadValue(JsonValue value) => value.Whole();

    private protected override void WriteValue(Utf8JsonWriter writer, int? value) => writer.WriteNumberValue(value!.Value);

    private protected override IEnumerable<string> Text(int? value, Problem problem) => [IdentityText.Of(value!.Value)];
}

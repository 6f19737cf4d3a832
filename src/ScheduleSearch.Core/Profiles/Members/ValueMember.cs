using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A member that has one value.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <typeparam name="TValue">The type of the value, null when it is absent.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The value in a section.</param>
/// <param name="set">The section with another value, never null.</param>
public abstract class ValueMember<T, TValue>(string name, Func<T, TValue?> get, Func<T, TValue, T> set) : SectionMember<T>(name)
    where T : class
{
    /// <summary>The value in a section; null when it is absent.</summary>
    protected TValue? Of(T section) => get(section);

    /// <summary>The section with another value.</summary>
    protected T With(T section, TValue value) => set(section, value);

    internal sealed override bool Read(JsonMembers members, ref T section)
    {
        var given = IsRequired ? members.Required(Name) : members.Optional(Name);
        if (given is not { } value) return !IsRequired;
        if (ReadValue(value) is not { } read) return !IsRequired;
        section = set(section, read);
        return true;
    }

    internal sealed override void Write(Utf8JsonWriter writer, T section)
    {
        if (get(section) is not { } value) return;
        writer.WritePropertyName(Name);
        WriteValue(writer, value);
    }

    internal override void Identify(IdentityText text, string member, Problem problem, T section)
    {
        if (get(section) is { } value) text.Line(member, Text(value, problem));
    }

    private protected abstract TValue? ReadValue(JsonValue value);

    private protected abstract void WriteValue(Utf8JsonWriter writer, TValue value);

    private protected abstract IEnumerable<string> Text(TValue value, Problem problem);
}

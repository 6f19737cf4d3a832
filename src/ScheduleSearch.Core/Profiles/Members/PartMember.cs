using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A member that is an object, by the table of its members.</summary>
/// <typeparam name="T">The record that has the member.</typeparam>
/// <typeparam name="TPart">The record of the object, an immutable value.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="table">The members of the object.</param>
/// <param name="get">The object; null when it is absent.</param>
/// <param name="set">The record with another object.</param>
internal sealed class PartMember<T, TPart>(string name, ItemTable<TPart> table, Func<T, TPart?> get, Func<T, TPart, T> set)
    : ValueMember<T, TPart>(name, get, set)
    where T : class
    where TPart : class
{
    internal override void Check(SectionCheck check, T section)
    {
        if (Of(section) is { } part) table.Check(check.At(Name), part);
    }

    internal override void Count(ScaleNumbers numbers, T section, int parts)
    {
        if (Of(section) is { } part) table.CountOne(numbers, $"{numbers.Section}.{Name}", part, parts);
    }

    internal override void Identify(IdentityText text, string member, Problem problem, T section)
    {
        if (Of(section) is { } part) table.IdentifyOne(text, member, problem, part);
    }

    private protected override TPart? ReadValue(JsonValue value) => value.Members(table.ReadOne);

    private protected override void WriteValue(Utf8JsonWriter writer, TPart value) => table.WriteOne(writer, value);

    private protected override IEnumerable<string> Text(TPart value, Problem problem) => [];
}

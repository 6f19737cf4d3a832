using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A number above 0 for each part of a microbatch, of which only the ratios count.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The shares in a section; null when they are absent.</param>
/// <param name="set">The section with other shares.</param>
/// <param name="parts">How many parts there are.</param>
public sealed class SharesMember<T>(string name, Func<T, ImmutableArray<decimal>?> get, Func<T, ImmutableArray<decimal>, T> set, Func<T, int> parts)
    : ValueMember<T, ImmutableArray<decimal>?>(name, get, (section, shares) => set(section, shares!.Value))
    where T : class
{
    internal override void Check(SectionCheck check, T section)
    {
        if (Of(section) is not { } given) return;
        var count = parts(section);
        if (given.Length != count) check.Malformed(Name, $"Has {given.Length} numbers; give {count}, one for each slice.");
        for (var part = 0; part < given.Length; part++)
        {
            if (given[part] is < SectionCheck.Smallest or > SectionCheck.Largest)
                check.Malformed($"{Name}[{part}]", $"Is {SectionCheck.Text(given[part])}; must be from 0.000001 to 10^12.");
        }
    }

    private protected override ImmutableArray<decimal>? ReadValue(JsonValue value) => value.Each(share => share.Number());

    private protected override void WriteValue(Utf8JsonWriter writer, ImmutableArray<decimal>? value) => writer.WriteNumbers(value!.Value);

    private protected override IEnumerable<string> Text(ImmutableArray<decimal>? value, Problem problem) => value!.Value.Select(IdentityText.Of);
}

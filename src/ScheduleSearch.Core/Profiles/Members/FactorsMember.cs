using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A factor for each microbatch: see <see cref="FactorMember{T}"/>.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="quantity">What is scaled.</param>
/// <param name="get">The factors in a section; null when they are absent.</param>
/// <param name="set">The section with other factors.</param>
public sealed class FactorsMember<T>(
    string name, Quantity quantity, Func<T, ImmutableArray<decimal>?> get, Func<T, ImmutableArray<decimal>, T> set)
    : ValueMember<T, ImmutableArray<decimal>?>(name, get, (section, factors) => set(section, factors!.Value))
    where T : class
{
    internal override void Check(SectionCheck check, T section)
    {
        if (Of(section) is not { } factors) return;
        var count = check.Profile.Pipeline.Microbatches;
        if (factors.Length != count)
        {
            check.Malformed(Name, string.Create(CultureInfo.InvariantCulture, $"Has {factors.Length} numbers; give {count}, one for each microbatch."));
            return;
        }

        for (var microbatch = 0; microbatch < count; microbatch++)
        {
            if (FactorMember<T>.Fault(factors[microbatch]) is { } fault)
                check.Malformed(string.Create(CultureInfo.InvariantCulture, $"{Name}[{microbatch}]"), fault);
        }
    }

    internal override void Count(ScaleNumbers numbers, T section, int parts)
    {
        if (numbers.Quantity != quantity || Of(section) is not { } factors) return;
        if (factors.Any(factor => factor != 1)) numbers.Stretch(Name, factors.Max(), FactorMember<T>.PartsOfOne);
    }

    private protected override ImmutableArray<decimal>? ReadValue(JsonValue value) => value.Each(factor => factor.Number());

    private protected override void WriteValue(Utf8JsonWriter writer, ImmutableArray<decimal>? value) => writer.WriteNumbers(value!.Value);

    private protected override IEnumerable<string> Text(ImmutableArray<decimal>? value, Problem problem) => value!.Value.Select(IdentityText.Of);
}

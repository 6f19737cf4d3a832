using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A factor, from 0.001 to 1000 with at most three decimals.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="quantity">What is multiplied; none where it decides no scale.</param>
/// <param name="get">The factor in a section; null when it is absent.</param>
/// <param name="set">The section with another factor.</param>
public sealed class FactorMember<T>(string name, Quantity quantity, Func<T, decimal?> get, Func<T, decimal, T> set)
    : ValueMember<T, decimal?>(name, get, (section, factor) => set(section, factor!.Value))
    where T : class
{
    /// <summary>The decimals that a factor may have.</summary>
    public const int MostDigits = 3;

    /// <summary>One is so many times the smallest difference of two factors.</summary>
    public const int PartsOfOne = 1000;

    private const decimal Least = 0.001m, Most = 1000;

    /// <summary>What is wrong with a factor; null for nothing.</summary>
    internal static string? Fault(decimal factor) => factor is < Least or > Most || DecimalScale.Normalize(factor).Scale > MostDigits
        ? $"Is {SectionCheck.Text(factor)}; must be from 0.001 to 1000 with at most three decimals."
        : null;

    internal override void Check(SectionCheck check, T section)
    {
        if (Of(section) is { } factor && Fault(factor) is { } fault) check.Malformed(Name, fault);
    }

    internal override void Count(ScaleNumbers numbers, T section, int parts)
    {
        if (numbers.Quantity == quantity && Of(section) is { } factor && factor != 1) numbers.Stretch(Name, factor, PartsOfOne);
    }

    private protected override decimal? ReadValue(JsonValue value) => value.Number();

    private protected override void WriteValue(Utf8JsonWriter writer, decimal? value) => writer.WriteNumberValue(DecimalScale.Normalize(value!.Value));

    private protected override IEnumerable<string> Text(decimal? value, Problem problem) => [IdentityText.Of(value!.Value)];
}

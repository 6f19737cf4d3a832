using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>One number for all stages and devices.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
public sealed class NumberMember<T> : ValueMember<T, decimal?>
    where T : class
{
    /// <summary>States the member.</summary>
    /// <param name="name">The name in JSON.</param>
    /// <param name="quantity">What the number is an amount of.</param>
    /// <param name="get">The number in a section; null when it is absent.</param>
    /// <param name="set">The section with another number.</param>
    public NumberMember(string name, Quantity quantity, Func<T, decimal?> get, Func<T, decimal, T> set)
        : base(name, get, (section, number) => set(section, number!.Value)) => Quantity = quantity;

    /// <inheritdoc/>
    public override Quantity Quantity { get; }

    /// <summary>Whether it is above 0.</summary>
    public bool IsAboveZero { get; init; }

    /// <summary>Whether it may be 0 where it is an amount in a unit of its own, as times and memory may.</summary>
    public bool MayBeZero { get; init; }

    /// <summary>How often a microbatch waits for it at most.</summary>
    public int TimesWaitedFor { get; init; }

    internal override void Check(SectionCheck check, T section)
    {
        if (Of(section) is not { } number) return;
        if (Quantity != Quantity.None || MayBeZero) check.Number(Name, number, IsAboveZero);
        else if (number <= 0) check.Malformed(Name, $"Is {SectionCheck.Text(number)}; must be above 0.");
    }

    internal override void Count(ScaleNumbers numbers, T section, int parts)
    {
        if (numbers.Quantity != Quantity || Of(section) is not { } number) return;
        numbers.Add([(Name, number)]);
        numbers.AddOnEveryStage(TimesWaitedFor * number);
    }

    private protected override decimal? ReadValue(JsonValue value) => value.Number();

    private protected override void WriteValue(Utf8JsonWriter writer, decimal? value) => writer.WriteNumberValue(DecimalScale.Normalize(value!.Value));

    private protected override IEnumerable<string> Text(decimal? value, Problem problem) => [IdentityText.Of(value!.Value)];
}

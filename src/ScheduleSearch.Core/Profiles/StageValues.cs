using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>One number for all, or one number each (for stages or for devices), as a profile states it.</summary>
public sealed class StageValues
{
    private StageValues(ImmutableArray<decimal> numbers, bool isScalar) => (Numbers, IsScalar) = (numbers, isScalar);

    /// <summary>The numbers as given: a single one when <see cref="IsScalar"/>.</summary>
    public ImmutableArray<decimal> Numbers { get; }

    /// <summary>Whether one number stands for all.</summary>
    public bool IsScalar { get; }

    /// <summary>One number for all.</summary>
    public static StageValues Same(decimal number) => new([number], isScalar: true);

    /// <summary>One number each.</summary>
    public static StageValues Each(IEnumerable<decimal> numbers) => new([.. numbers], isScalar: false);

    /// <summary>One number for all.</summary>
    public static implicit operator StageValues(decimal number) => Same(number);

    /// <summary>One number each.</summary>
    public static implicit operator StageValues(decimal[] numbers) => Each(numbers);

    /// <summary>The number of one stage (or device).</summary>
    public decimal this[int index] => IsScalar ? Numbers[0] : Numbers[index];
}

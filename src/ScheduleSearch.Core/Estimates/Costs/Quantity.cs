using System.Globalization;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>A number with the formula that it comes from, values put in.</summary>
/// <param name="Value">The number.</param>
/// <param name="Formula">The formula; empty for nothing.</param>
internal readonly record struct Quantity(double Value, string Formula)
{
    private static readonly (double Least, string Prefix)[] Prefixes = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (0, "")];

    /// <summary>Nothing.</summary>
    public static Quantity None { get; } = new(0, "");

    /// <summary>A number whose formula ends in its result.</summary>
    public static Quantity Of(double value, string formula, string unit) => new(value, $"{formula} = {Short(value)}{unit}");

    /// <summary>Both, one formula after the other.</summary>
    public static Quantity operator +(Quantity one, Quantity other) => new(one.Value + other.Value, Joined([one.Formula, other.Formula]));

    /// <summary>Formulas one after the other, without empty ones.</summary>
    public static string Joined(IEnumerable<string> formulas) => string.Join("; ", formulas.Where(formula => formula.Length > 0));

    /// <summary>A number of four digits with its prefix and a space before the unit.</summary>
    public static string Short(double value)
    {
        var (least, prefix) = Prefixes.First(entry => value >= entry.Least);
        return string.Create(CultureInfo.InvariantCulture, $"{(least > 0 ? value / least : value):G4} {prefix}");
    }

    /// <summary>A number without a prefix.</summary>
    public static string Plain(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}

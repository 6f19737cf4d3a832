using System.Numerics;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// How the decimals of a profile become 64-bit integers: multiplied by a power of ten, so that every number that fits is exact, ties are
/// ties, and sums over a whole schedule cannot overflow.
/// </summary>
public sealed class DecimalScale
{
    /// <summary>The largest integer that a sum over a whole schedule may reach: 2^60 leaves room for a few additions more.</summary>
    private const long LargestSum = 1L << 60;

    /// <summary>
    /// Digits for numbers that fall between the ticks of the profile's: a least span is a mean over the devices that push each other, and a slice a
    /// share of a whole.
    /// </summary>
    public const int SpareDigits = 6;

    private const int MostDigits = 12;
    private const int MeanDigits = 6;

    /// <summary>Numbers of double precision up to which whole ones are told apart, and those that a decimal holds.</summary>
    private const double MostExact = 1L << 53, MostReal = 7e28;

    /// <summary>The least whole number of the digits to which quotients are rounded.</summary>
    private const decimal LeastFront = 1_000_000;

    private DecimalScale(int digits)
    {
        Digits = digits;
        Factor = (decimal)BigInteger.Pow(10, digits);
    }

    /// <summary>Decimal digits after the point that are kept.</summary>
    public int Digits { get; }

    private decimal Factor { get; }

    /// <summary>
    /// The coarsest scale on which all numbers are integers, or the finest that fits when that one is too fine.
    /// </summary>
    /// <param name="numbers">Every number that is to be scaled, each 0 or more.</param>
    /// <param name="sum">A bound, in the same unit, on every sum that will be formed of them.</param>
    /// <param name="spare">Digits wanted beyond those of the numbers, for results that are fractions of them.</param>
    public static DecimalScale For(IEnumerable<decimal> numbers, decimal sum, int spare = 0)
    {
        var wanted = spare + numbers.Select(Fraction).DefaultIfEmpty(0).Max();
        var fitting = 0;
        for (var next = sum * 10; fitting < MostDigits && next < LargestSum; next *= 10) fitting++;
        return new DecimalScale(Math.Min(wanted, fitting));
    }

    /// <summary>
    /// The quotient of a number, 0 or more, and a divisor above 0: exact where it has at most 12 digits after the point; else rounded up to its first seven
    /// digits, or to 12 after the point where those are fewer, so that it is never less than it is and 0 only where the number is.
    /// </summary>
    public static decimal Quotient(decimal number, decimal divisor)
    {
        var quotient = Normalize(number / divisor);
        if (quotient.Scale <= MostDigits && quotient * divisor == number) return quotient;
        var digits = 0;
        for (var front = quotient; front < LeastFront && digits < MostDigits; front *= 10) digits++;
        var factor = (decimal)BigInteger.Pow(10, digits);
        return Normalize(decimal.Ceiling(quotient * factor) / factor);
    }

    /// <summary>Whether sums of numbers reach no further than integers do, in their own unit.</summary>
    public static bool Holds(decimal sum) => sum < LargestSum;

    /// <summary>The nearest integer that is a multiple of a grain; exact where the scale holds all digits of the number.</summary>
    public long ToTicks(decimal number, long grain = 1) => (long)decimal.Round(number * Factor / grain, MidpointRounding.ToEven) * grain;

    /// <summary>The least multiple of a grain that is not below the number.</summary>
    public long ToTicksAbove(decimal number, long grain = 1) => (long)decimal.Ceiling(number * Factor / grain) * grain;

    /// <summary>The largest integer that is not above the number.</summary>
    public long ToTicksBelow(decimal number) => (long)decimal.Floor(number * Factor);

    /// <summary>The number in the profile's own unit, without trailing zeros.</summary>
    public decimal FromTicks(long ticks) => Normalize(ticks / Factor);

    /// <summary>A mean of ticks in the profile's own unit, rounded to the 6 digits beyond the scale's that a mean may have.</summary>
    public decimal FromMean(decimal ticks) => Normalize(decimal.Round(ticks / Factor, Digits + MeanDigits));

    /// <summary>Ticks that need not be whole in the profile's own unit: whole ones exactly, others rounded as means are.</summary>
    public decimal FromReal(double ticks) =>
        ticks < MostExact && ticks == Math.Floor(ticks) ? FromTicks((long)ticks) : FromMean((decimal)Math.Min(ticks, MostReal));

    /// <summary>The same number without trailing zeros, so that 1.50 and 1.5 are written alike.</summary>
    public static decimal Normalize(decimal number) => number / 1.0000000000000000000000000000m;

    private static int Fraction(decimal number) => Normalize(number).Scale;
}

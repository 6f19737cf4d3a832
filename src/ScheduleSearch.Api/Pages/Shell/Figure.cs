using System.Globalization;

namespace ScheduleSearch.Api.Pages.Shell;

/// <summary>Numbers as people read them; every digit stands in the answers.</summary>
internal static class Figure
{
    private const string Nothing = "–";

    /// <summary>A time or an amount, to three digits after the point.</summary>
    public static string Of(decimal? value) => value?.ToString("#,0.###", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>A time or an amount that may be small, to four digits that count.</summary>
    public static string Digits(decimal value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A share of one as a percentage.</summary>
    public static string Percent(double? share) =>
        share is { } known && double.IsFinite(known) ? (100 * known).ToString("0.##", CultureInfo.InvariantCulture) + " %" : Nothing;

    /// <summary>How much more one value is than another, as a percentage with its sign.</summary>
    public static string Difference(decimal? value, decimal? reference) =>
        value is { } known && reference is { } other and not 0
            ? ((double)(known / other) - 1).ToString("+0.##%;-0.##%;0%", CultureInfo.InvariantCulture)
            : Nothing;

    /// <summary>The first digits of an id: enough to tell it from others.</summary>
    public static string Short(string id) => id.Length > 12 ? id[..12] : id;
}

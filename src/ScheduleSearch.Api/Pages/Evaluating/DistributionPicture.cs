using System.Globalization;
using ScheduleSearch.Api.Evaluations;

namespace ScheduleSearch.Api.Pages.Evaluating;

/// <summary>Where things stand in a picture of distributions, in units of its view box.</summary>
/// <param name="least">The least length on its axis.</param>
/// <param name="most">The greatest, which is above the least where replays differ.</param>
internal sealed class DistributionPicture(decimal least, decimal most)
{
    /// <summary>The view box without what stands around it.</summary>
    public const int Width = 720, Height = 180;

    private const int Marks = 6;

    /// <summary>The axis of some orders.</summary>
    public static DistributionPicture Of(IReadOnlyCollection<EvaluatedOrderAnswer> orders) =>
        new(orders.Min(order => order.Histogram.Least), orders.Max(order => order.Histogram.Most));

    /// <summary>Lengths to write at the axis.</summary>
    public IEnumerable<decimal> Ticks() => most <= least ? [least] : Enumerable.Range(0, Marks).Select(mark => least + (most - least) * mark / (Marks - 1));

    /// <summary>The place of a length along the axis; in the middle where all replays take as long.</summary>
    public string X(decimal length) => Text(most <= least ? Width / 2.0 : (double)((length - least) / (most - least)) * Width);

    /// <summary>The bars of a histogram: their left sides, tops, widths and heights.</summary>
    public IEnumerable<(string X, string Y, string Width, string Height, int Count)> Bars(HistogramAnswer histogram)
    {
        var (parts, highest) = (histogram.Counts.Count, histogram.Counts.Max());
        for (var part = 0; part < parts; part++)
        {
            var height = (double)Height * histogram.Counts[part] / highest;
            yield return parts == 1
                ? (Text(Width / 2.0 - 4), Text(Height - height), "8", Text(height), histogram.Counts[part])
                : (X(Bound(histogram, part)), Text(Height - height), Text((double)Width / parts), Text(height), histogram.Counts[part]);
        }
    }

    /// <summary>The points of the share of replays that take no longer than each length, as a polyline has them.</summary>
    public string Cumulated(HistogramAnswer histogram)
    {
        var (points, done, all) = (new List<string> { $"0,{Height}", $"{X(histogram.Least)},{Height}" }, 0, histogram.Counts.Sum());
        for (var part = 0; part < histogram.Counts.Count; part++)
        {
            done += histogram.Counts[part];
            points.Add($"{X(Bound(histogram, part + 1))},{Text(Height - (double)Height * done / all)}");
        }

        return string.Join(' ', points.Append($"{Width},0"));
    }

    private static decimal Bound(HistogramAnswer histogram, int part) =>
        histogram.Least + (histogram.Most - histogram.Least) * part / histogram.Counts.Count;

    private static string Text(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);
}

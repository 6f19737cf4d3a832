using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>
/// The points of a sweep as a chart, time against the memory of the fullest device, with the front as a line. Each point links to its schedule; the values of
/// the first axis have colours of their own where they are few.
/// </summary>
internal static class SweepChart
{
    public const string MediaType = "image/svg+xml";

    private const int Width = 860, Height = 480, Left = 84, Top = 40, Bottom = 60, Right = 24, LegendLine = 18, MostTitle = 400, MostValue = 60;
    private const string Fonts = "Inter, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif", Ink = "#1f2328", Faint = "#59636e", Grid = "#d8dde3";

    /// <summary>Colours that who sees few of them tells apart, after Okabe and Ito.</summary>
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#7f7f7f"];

    /// <summary>Draws what has a schedule.</summary>
    /// <param name="sweep">The sweep as it stands.</param>
    /// <param name="plan">Its plan, with the units of its points.</param>
    public static string Write(SweepAnswer sweep, SweepPlan plan)
    {
        var series = SeriesOf(sweep);
        var height = Height + LegendLine * series.Count;
        var text = new StringBuilder();
        Line(text, $"""<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{Fonts}" font-size="12" fill="{Ink}" """);
        Line(text, $"""width="{Width}" height="{height}" viewBox="0 0 {Width} {height}">""");
        Line(text, $"""<title>Sweep of {Escape(string.Join(", ", sweep.Axes))}</title>""");
        Line(text, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        var costs = CostsOf(sweep, plan);
        if (costs.Count == 0) Line(text, $"""<text x="{Left}" y="{Top}">No point has a schedule yet.</text>""");
        else Draw(text, costs, plan, series);
        for (var index = 0; index < series.Count; index++)
        {
            var y = Height + LegendLine * index;
            Line(text, $"""<circle cx="{Left}" cy="{y}" r="5" fill="{Colours[index]}"/><text x="{Left + 12}" y="{y + 4}">{Escape(series[index])}</text>""");
        }

        text.AppendLine("</svg>");
        return text.ToString();
    }

    private static void Draw(StringBuilder text, List<Cost> costs, SweepPlan plan, List<string> series)
    {
        var memory = new ChartScale([.. costs.Select(cost => cost.Memory)], Left, Width - Right);
        var time = new ChartScale([.. costs.Select(cost => cost.Time)], Height - Bottom, Top);
        foreach (var mark in memory.RoundNumbers())
        {
            Line(text, $"""<path d="M{memory.At(mark):0.##} {Top}V{Height - Bottom}" stroke="{Grid}"/>""");
            Line(text, $"""<text x="{memory.At(mark):0.##}" y="{Height - Bottom + 18}" text-anchor="middle" fill="{Faint}">{mark:G6}</text>""");
        }

        foreach (var mark in time.RoundNumbers())
        {
            Line(text, $"""<path d="M{Left} {time.At(mark):0.##}H{Width - Right}" stroke="{Grid}"/>""");
            Line(text, $"""<text x="{Left - 8}" y="{time.At(mark) + 4:0.##}" text-anchor="end" fill="{Faint}">{mark:G6}</text>""");
        }

        var (ofMemory, ofTime) = UnitsOf(plan);
        Line(text, $"""<text x="{Width - Right}" y="{Height - Bottom + 38}" text-anchor="end">peak memory of the fullest device, {ofMemory}</text>""");
        Line(text, $"""<text x="{Left}" y="{Top - 16}">{ofTime}; the line is the front: what is faster holds more</text>""");
        var front = costs.Where(cost => cost.Row.OnFront).OrderBy(cost => cost.Memory)
            .Select(cost => $"{Text(memory.At(cost.Memory))} {Text(time.At(cost.Time))}");
        Line(text, $"""<path class="front" d="M{string.Join('L', front)}" fill="none" stroke="{Ink}" stroke-width="1.5"/>""");
        foreach (var cost in costs.OrderBy(cost => cost.Row.OnFront))
        {
            var colour = series.IndexOf(FirstOf(cost.Row)) is >= 0 and var index ? Colours[index] : Colours[0];
            var fill = cost.Row.OnFront ? colour : "#ffffff";
            Line(text, $"""<a href="/ui/schedules/{cost.Row.Id}"><circle cx="{memory.At(cost.Memory):0.##}" cy="{time.At(cost.Time):0.##}" r="5" """);
            Line(text, $"""fill="{fill}" stroke="{colour}" stroke-width="1.5"><title>{Escape(TitleOf(cost.Row))}</title></circle></a>""");
        }
    }

    private static List<Cost> CostsOf(SweepAnswer sweep, SweepPlan plan)
    {
        var (isOneMemory, isOneTime) = (IsOneMemory(plan), IsOneTime(plan));
        return [.. from row in sweep.Points
                   where row is { Objective: not null, PeakMemory: not null }
                   let point = plan.Points[row.Index]
                   let memory = isOneMemory ? (double)row.PeakMemory! : point.Bytes(row.PeakMemory!.Value) / (1 << 30)
                   let time = isOneTime ? (double)row.Objective! : point.Seconds(row.Objective!.Value) / point.Microbatches
                   select new Cost(row, memory, time)];
    }

    private static (string Memory, string Time) UnitsOf(SweepPlan plan)
    {
        var first = plan.Points.First(point => point.Id is not null);
        return (IsOneMemory(plan) ? $"{first.MemoryUnit}" : "GiB", IsOneTime(plan) ? $"time of an iteration, {first.TimeUnit}" : "seconds of a microbatch");
    }

    private static bool IsOneMemory(SweepPlan plan) => plan.Points.Where(point => point.Id is not null).DistinctBy(point => point.MemoryUnit).Count() == 1;

    private static bool IsOneTime(SweepPlan plan) =>
        plan.Points.Where(point => point.Id is not null).DistinctBy(point => (point.TimeUnit, point.Microbatches)).Count() == 1;

    /// <summary>The values of the first axis, where there are as few as colours.</summary>
    private static List<string> SeriesOf(SweepAnswer sweep) =>
        sweep.Points.Select(FirstOf).Distinct().ToList() is { Count: > 1 } values && values.Count <= Colours.Length ? values : [];

    private static string FirstOf(SweepRowAnswer row) => Text(row.Values.First().Value);

    private static string TitleOf(SweepRowAnswer row) => FormattableString.Invariant(
        $"{string.Join(", ", row.Values.Select(value => $"{value.Key}: {Text(value.Value)}"))}: {row.Objective}, {row.PeakMemory} of memory, gap {row.Gap:P2}");

    private static string Text(JsonElement value) => value.GetRawText() is var text && text.Length > MostValue ? text[..MostValue] + "…" : text;

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text.Length > MostTitle ? text[..MostTitle] + "…" : text);

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    /// <param name="Row">The point.</param>
    /// <param name="Memory">Where it stands from left to right.</param>
    /// <param name="Time">Where it stands from below to above.</param>
    private sealed record Cost(SweepRowAnswer Row, double Memory, double Time);
}

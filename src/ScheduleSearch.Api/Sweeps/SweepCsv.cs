using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>A sweep as a table: a line for each point, the axes first.</summary>
internal static class SweepCsv
{
    public const string MediaType = "text/csv";

    private static readonly (string Name, Func<SweepRowAnswer, object?> Value)[] Columns =
    [
        ("id", row => row.Id),
        ("status", row => row.Status),
        ("objective", row => row.Objective),
        ("lowerBound", row => row.LowerBound),
        ("gap", row => row.Gap),
        ("peakMemory", row => row.PeakMemory),
        ("meanIdle", row => row.MeanIdle),
        ("bubbleRatio", row => row.BubbleRatio),
        ("method", row => row.Method),
        ("tokensPerSecond", row => row.TokensPerSecond),
        ("cost", row => row.Cost),
        ("costOfMillionTokens", row => row.CostOfMillionTokens),
        ("onFront", row => row.OnFront ? "true" : "false"),
        ("problem", row => row.Problem?.Detail),
    ];

    public static string Write(SweepAnswer sweep)
    {
        var text = new StringBuilder();
        Line(text, ["index", .. sweep.Axes, .. Columns.Select(column => column.Name)]);
        foreach (var row in sweep.Points)
        {
            Line(text, [row.Index, .. sweep.Axes.Select(axis => TextOf(row.Values[axis])), .. Columns.Select(column => column.Value(row))]);
        }

        return text.ToString();
    }

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.ToString();

    /// <summary>As RFC 4180 has it.</summary>
    private static void Line(StringBuilder text, IEnumerable<object?> cells) =>
        text.AppendJoin(',', cells.Select(cell => Quoted(Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""))).Append("\r\n");

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

using System.Globalization;
using ScheduleSearch.Api.Pages.Forms;

namespace ScheduleSearch.Api.Pages.NewSchedule;

/// <summary>A table of stages as CSV: a line of names of members, then a line for each stage, first to last.</summary>
internal static class StageTable
{
    private const string Stage = "stage";

    /// <summary>Writes the columns into a draft: one number for each stage.</summary>
    /// <param name="csv">The table. Separators are commas or semicolons; a column <c>stage</c> counts the lines from 0.</param>
    /// <param name="draft">The request to write into.</param>
    /// <param name="sections">The members that there are.</param>
    /// <returns>What is wrong with the table; null when it has been written.</returns>
    public static string? Read(string csv, RequestDraft draft, IReadOnlyList<FormSection> sections)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split([',', ';'], StringSplitOptions.TrimEntries)).ToList();
        if (lines.Count < 2) return "The table needs a line of names and a line for each stage.";
        var (names, rows) = (lines[0], lines[1..]);
        var columns = new List<(FormField Field, int Column)>();
        foreach (var (column, name) in names.Index())
        {
            if (name.Equals(Stage, StringComparison.OrdinalIgnoreCase)) continue;
            var field = sections.SelectMany(section => section.Fields).FirstOrDefault(field =>
                field.Kind == FieldKind.Values && (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || field.Path == $"profile.{name}"));
            if (field is null) return $"The column {name} is no member that has a number for each stage.";
            columns.Add((field, column));
        }

        foreach (var (index, row) in rows.Index())
        {
            if (row.Length != names.Length) return $"Line {index + 2} has {row.Length} columns; the first has {names.Length}.";
            if (row.FirstOrDefault(cell => !decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) is { } cell)
                return $"Line {index + 2} has '{cell}' where a number is due.";
        }

        var order = Array.FindIndex(names, name => name.Equals(Stage, StringComparison.OrdinalIgnoreCase));
        var sorted = order < 0 ? rows : [.. rows.OrderBy(row => decimal.Parse(row[order], NumberStyles.Float, CultureInfo.InvariantCulture))];
        foreach (var (field, column) in columns) draft.Set(field, string.Join(", ", sorted.Select(row => row[column])));
        return null;
    }
}

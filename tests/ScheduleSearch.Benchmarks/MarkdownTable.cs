using System.Text;

namespace ScheduleSearch.Benchmarks;

/// <summary>A table that is printed row by row as it grows, and kept for a file.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(IReadOnlyList<string> columns)
    {
        Add(columns);
        Add([.. columns.Select(_ => "---")]);
    }

    public void Add(IReadOnlyList<string> cells)
    {
        var line = $"| {string.Join(" | ", cells)} |";
        Console.WriteLine(line);
        _text.AppendLine(line);
    }

    public override string ToString() => _text.ToString();
}

using System.Buffers;
using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What stands above the rows of a Gantt picture: the title, what the schedule costs and how good it is, and the legend.</summary>
/// <param name="timeline">The schedule with its times.</param>
/// <param name="view">What is shown of it.</param>
/// <param name="figures">How good it is; null when nobody says.</param>
/// <param name="axis">Where times stand.</param>
/// <param name="legend">What the colours mean.</param>
internal sealed class GanttHead(Timeline timeline, PictureView view, SearchFigures? figures, TimeAxis axis, GanttLegend legend)
{
    private const int MostNameLength = 80;
    private const double TitleCharacter = 10.5;
    private const int FirstLine = 54;
    private const int LineHeight = 18;
    private const string Between = " · ";

    private readonly Problem _problem = timeline.Schedule.Problem;
    private readonly ScheduleMetrics _metrics = ScheduleMetrics.Of(timeline);

    /// <summary>What the picture is called, as it stands in XML.</summary>
    public string Title { get; } = XmlText.Escape(
        timeline.Name ?? ShapeTitle.Of(timeline.Schedule.Problem), Math.Min(MostNameLength, (int)(axis.Width / TitleCharacter)));

    /// <summary>Writes the head.</summary>
    /// <returns>The pixel below it.</returns>
    public int Write(IBufferWriter<byte> output)
    {
        output.AppendLine($"""<text x="{axis.Left}" y="32" font-size="18" font-weight="600">{Title}</text>""");
        var y = FirstLine;
        foreach (var (parts, between) in new (IEnumerable<string>, string)[] { (Costs(), Between), (Limit(), " "), (Quality(), Between), (Part(), Between) })
        {
            foreach (var line in FlowingLines.Of(parts, part => (part.Length + between.Length) * FlowingLines.CharacterWidth, axis.Width))
            {
                output.AppendLine($"""<text x="{axis.Left}" y="{y}" fill="{GanttFrame.Faint}">{XmlText.Escape(string.Join(between, line))}</text>""");
                y += LineHeight;
            }
        }

        return legend.Write(output, axis, y - LineHeight + 10);
    }

    private IEnumerable<string> Costs()
    {
        var objective = ProfileJson.NameOf(_problem.Objective);
        // It is the title of what has no name.
        if (timeline.Name is not null) yield return ShapeTitle.Of(_problem);
        yield return $"makespan {Time(_metrics.Makespan)}";
        yield return $"span {Time(_metrics.Span)}";
        yield return Text($"bubble {Percent.Of(_metrics.BubbleRatio)} of the {objective}");
        yield return Text($"mean idle {Percent.Of(_metrics.MeanIdleRatio)}");
    }

    /// <summary>By what the schedule is limited, in words, which may fill several lines.</summary>
    private string[] Limit() => $"limited by {IdleAnalysis.Of(timeline, _metrics).LimitedBy}".Split(' ');

    private IEnumerable<string> Quality() => figures is null ? [] :
    [
        figures.Status,
        figures.LowerBound is { } bound ? Text($"bound {DecimalScale.Normalize(bound)} {_problem.Profile.Times.Unit} ({figures.Bound})") : "no bound claimed",
        .. figures.Gap is { } gap ? [$"gap {Percent.Of(gap)}"] : Array.Empty<string>(),
        $"method {figures.Method}",
    ];

    private IEnumerable<string> Part()
    {
        var unit = _problem.Profile.Times.Unit;
        if (view.To is { } to) yield return Text($"shown from {DecimalScale.Normalize(view.From)} to {DecimalScale.Normalize(to)} {unit}");
        else if (view.From > 0) yield return Text($"shown from {DecimalScale.Normalize(view.From)} {unit} on");
        if (!view.Ranks.IsEmpty) yield return Text($"{view.Ranks.Length} of {_problem.Devices} ranks");
    }

    private string Time(long ticks) => Text($"{_problem.TimeScale.FromTicks(ticks)} {_problem.Profile.Times.Unit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

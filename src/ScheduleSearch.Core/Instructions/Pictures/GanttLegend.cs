using System.Buffers;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What the colours and marks of a Gantt picture mean: what is in the picture, and as many shades as devices hold chunks.</summary>
/// <param name="timeline">The schedule with its times.</param>
/// <param name="boxes">The operations that are drawn.</param>
/// <param name="chunks">The most stages that a device holds.</param>
/// <param name="hasSums">Whether sums over two pipes are drawn.</param>
/// <param name="memory">What is drawn of memory; null for nothing.</param>
internal sealed class GanttLegend(Timeline timeline, GanttBoxes boxes, int chunks, bool hasSums, MemoryCurves? memory)
{
    private const int LineHeight = 20;
    private const int SwatchHeight = 14;
    private const int TextGap = 5;
    private const int EntryGap = 18;
    private const int WideShades = 4;
    private const int LeastShade = 4;
    private const int ShadesWidth = 60;

    private double ShadeWidth => chunks <= WideShades ? SwatchHeight : Math.Max(LeastShade, ShadesWidth / (double)chunks);

    /// <summary>Writes the entries, in as many lines as they need.</summary>
    /// <returns>The pixel below them.</returns>
    public int Write(IBufferWriter<byte> output, TimeAxis axis, int top)
    {
        foreach (var line in FlowingLines.Of(Entries(), entry => entry.Swatch + entry.Label.Length * FlowingLines.CharacterWidth + EntryGap, axis.Width))
        {
            double x = axis.Left;
            foreach (var entry in line)
            {
                entry.Draw(output, x, top);
                x += entry.Swatch;
                output.AppendLine($"""<text x="{x:0.#}" y="{top + 11}">{entry.Label}</text>""");
                x += entry.Label.Length * FlowingLines.CharacterWidth + EntryGap;
            }

            top += LineHeight;
        }

        return top;
    }

    private IEnumerable<Entry> Entries()
    {
        foreach (var kind in boxes.Kinds)
        {
            if (kind.Facts().Place == PlaceInPair.Second) continue;
            OperationKind? second = kind.Facts().Place == PlaceInPair.First ? OperationKinds.InPair(OperationKind.Backward, PlaceInPair.Second) : null;
            var label = second is null ? kind.Facts().Name : "overlapped pair";
            yield return new Entry(label, chunks * ShadeWidth + TextGap, (output, x, top) => DrawShades(output, x, top, kind, second));
        }

        yield return Swatch("idle", SchedulePalette.Idle);
        if (hasSums) yield return new Entry("all-reduce", 4 + TextGap, (output, x, top) => SumMark.Draw(output, x + 2, top, SwatchHeight));
        if (memory is not null)
        {
            yield return Swatch($"activations held, in {memory.Unit}", MemoryCurves.Held);
            if (memory.HasLimit)
            {
                yield return new Entry("limit", SwatchHeight + TextGap, (output, x, top) => output.AppendLine(
                    $"""<path d="M{x:0.#} {top + 7}h{SwatchHeight}" stroke="{MemoryCurves.Limit}" stroke-dasharray="4 2"/>"""));
            }
        }

        if (chunks > 1)
        {
            yield return Note(timeline.Schedule.Problem.Placement.Pipes == 1
                ? "the lighter, the later the device's chunk"
                : "the lighter, the later the device's chunk, those of the second pipe after those of the first");
        }

        if (boxes.Merged.Count > 0) yield return Note("what is too narrow for a box of its own shares one with its neighbours");
    }

    private void DrawShades(IBufferWriter<byte> output, double x, int top, OperationKind kind, OperationKind? second)
    {
        for (var chunk = 0; chunk < chunks; chunk++, x += ShadeWidth)
        {
            DrawSwatch(output, x, top, ShadeWidth, SwatchHeight, SchedulePalette.Of(kind, chunk, chunks));
            if (second is { } lower) DrawSwatch(output, x, top + SwatchHeight / 2, ShadeWidth, SwatchHeight / 2, SchedulePalette.Of(lower, chunk, chunks));
        }
    }

    private static Entry Swatch(string label, string colour) =>
        new(label, SwatchHeight + TextGap, (output, x, top) => DrawSwatch(output, x, top, SwatchHeight, SwatchHeight, colour));

    private static Entry Note(string text) => new(text, 0, (_, _, _) => { });

    private static void DrawSwatch(IBufferWriter<byte> output, double x, int top, double width, int height, string colour) =>
        output.AppendLine($"""<rect x="{x:0.##}" y="{top}" width="{width:0.##}" height="{height}" fill="{colour}"/>""");

    private sealed record Entry(string Label, double Swatch, Action<IBufferWriter<byte>, double, int> Draw);
}

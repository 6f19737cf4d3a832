namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>Breaks what stands side by side into lines.</summary>
internal static class FlowingLines
{
    /// <summary>Pixels of a character at the size of a picture's texts, on the safe side.</summary>
    public const double CharacterWidth = 6.8;

    /// <summary>The parts in lines, in their order. A part that is wider than a line has one of its own.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="widthOf">Pixels of a part and of what is between it and the next one.</param>
    /// <param name="room">Pixels of a line.</param>
    public static List<List<T>> Of<T>(IEnumerable<T> parts, Func<T, double> widthOf, double room)
    {
        List<List<T>> lines = [];
        var left = 0.0;
        foreach (var part in parts)
        {
            var width = widthOf(part);
            if (lines.Count == 0 || width > left)
            {
                lines.Add([]);
                left = room;
            }

            lines[^1].Add(part);
            left -= width;
        }

        return lines;
    }
}

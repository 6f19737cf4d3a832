namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>Finds what somebody meant who has misspelt a name.</summary>
public static class Spelling
{
    /// <summary>A third of a name's letters may be wrong, and no more than three.</summary>
    private const int LettersForOne = 3;

    private const int MostWrong = 3;

    /// <summary>A sentence that names the known name nearest to one that is none, after a space; empty when none is near.</summary>
    public static string DidYouMean(string given, IEnumerable<string> known) => Nearest(given, known) is { } name ? $" Did you mean {name}?" : "";

    /// <summary>The known name that takes the fewest changes of a letter, if few; upper case, - and _ count for nothing.</summary>
    private static string? Nearest(string given, IEnumerable<string> known)
    {
        var plain = Plain(given);
        var (nearest, fewest) = ((string?)null, Math.Min(plain.Length / LettersForOne, MostWrong) + 1);
        foreach (var name in known)
        {
            var other = Plain(name);
            // So long a text is no misspelling, and its distance costs much.
            if (Math.Abs(plain.Length - other.Length) >= fewest) continue;
            var distance = Distance(plain, other);
            if (distance < fewest) (nearest, fewest) = (name, distance);
        }

        return nearest;
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Letters to change, add, leave out or exchange with their neighbour: Damerau's distance, each letter moved once at most.</summary>
    private static int Distance(string one, string other)
    {
        var (before, last, row) = (new int[other.Length + 1], Enumerable.Range(0, other.Length + 1).ToArray(), new int[other.Length + 1]);
        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[other.Length];
    }
}

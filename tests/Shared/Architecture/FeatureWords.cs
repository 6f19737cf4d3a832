using System.Text.RegularExpressions;

namespace ScheduleSearch.Tests.Architecture;

/// <summary>Finds where code names a feature of the problem other than to say that it is covered.</summary>
internal static partial class FeatureWords
{
    /// <summary>The lines that do, each with its place.</summary>
    public static IEnumerable<string> In(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Code.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
        where Words().IsMatch(line.Text) && !CoverageOrUsings().IsMatch(line.Text)
        select $"{file.Path}:{line.Number}:{line.Text}";

    [GeneratedRegex("Recompute|Overlap|Slices|Links")]
    private static partial Regex Words();

    [GeneratedRegex(@"^using |\bCover(s|ed)\w* |\bnamespace ")]
    private static partial Regex CoverageOrUsings();
}

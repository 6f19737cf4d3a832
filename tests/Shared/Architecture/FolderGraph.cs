using System.Text.RegularExpressions;

namespace ScheduleSearch.Tests.Architecture;

/// <summary>
/// Which folders of a project depend on which, read from its source: a file depends on the namespaces that it uses, that it names, and, of those
/// around its own, that declare a type which it names. A using that nobody needs does not build. Namespaces follow folders, but for the
/// parts of a type that stand in the folder of what they are about: they count where they stand. The name of a feature, <c>OverlapFeature.Id</c>, is a constant, which
/// the compiler writes in: who covers a feature by its name does not depend on it.
/// </summary>
/// <param name="files">The files of the project, but for those of its own folder, which puts the rest together.</param>
/// <param name="layers">The folders that count as one with another, by their names.</param>
internal sealed partial class FolderGraph(IEnumerable<SourceFile> files, IReadOnlyDictionary<string, string>? layers = null)
{
    private readonly List<SourceFile> _files = [.. files.Where(file => file.Folder.Length > 0)];

    /// <summary>The folders, as the rest of their namespaces.</summary>
    public IEnumerable<string> Folders => _files.Select(file => file.Folder).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The dependencies, from and to, cut to so many levels of folders.</summary>
    public HashSet<(string From, string To)> Edges(int levels = int.MaxValue)
    {
        var declared = _files.GroupBy(file => file.Folder).ToDictionary(
            group => group.Key, group => group.Where(file => !file.IsPartElsewhere).SelectMany(file => file.Types).ToHashSet());
        var edges = new HashSet<(string From, string To)>();
        foreach (var file in _files)
        {
            var (text, covered) = (FeatureNames().Replace(file.Code, " "), FeatureNames().Matches(file.Code).Select(match => match.Groups[1].Value).ToHashSet());
            var names = Names().Matches(text).Select(match => match.Value).ToHashSet();
            var used = Usings().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
            var qualified = QualifiedNames().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).ToHashSet();
            foreach (var (other, types) in declared.Where(other => other.Key != file.Folder))
            {
                if (covered.Overlaps(types) && !names.Overlaps(types)) continue;
                var (from, to) = (Cut(file.Folder, levels), Cut(other, levels));
                if (from != to && DependsOn(other, types)) edges.Add((from, to));
            }

            bool DependsOn(string other, HashSet<string> types)
            {
                var full = $"{file.Root}.{other}";
                return used.Contains(full)
                    // A name in full, or from a namespace around on.
                    || types.Any(type => used.Contains($"{full}.{type}") || qualified.Contains((other[(other.LastIndexOf('.') + 1)..], type)))
                    || ($"{file.Namespace}.".StartsWith($"{full}.", StringComparison.Ordinal) && names.Overlaps(types));
            }
        }

        return edges;
    }

    /// <summary>A circle of folders, the first repeated at its end; null when there is none.</summary>
    public static IReadOnlyList<string>? Circle(IReadOnlySet<(string From, string To)> edges)
    {
        var done = new HashSet<string>();
        return edges.Select(edge => edge.From).Distinct().Order(StringComparer.Ordinal)
            .Select(start => From(start, [])).FirstOrDefault(circle => circle is not null);

        IReadOnlyList<string>? From(string folder, IReadOnlyList<string> path)
        {
            var seen = path.ToList().IndexOf(folder);
            if (seen >= 0) return [.. path.Skip(seen), folder];
            if (done.Contains(folder)) return null;
            var circle = edges.Where(edge => edge.From == folder).Select(edge => From(edge.To, [.. path, folder])).FirstOrDefault(found => found is not null);
            if (circle is null) done.Add(folder);
            return circle;
        }
    }

    private string Cut(string folder, int levels) => string.Join('.', (layers?.GetValueOrDefault(folder) ?? folder).Split('.').Take(levels));

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Names();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"(?<!^(?:namespace|using) [\w.]*)\b(\w+)\.(?=(\w+)\b)", RegexOptions.Multiline)]
    private static partial Regex QualifiedNames();

    [GeneratedRegex(@"\b(\w+Feature)\.Id\b")]
    private static partial Regex FeatureNames();
}

using System.Text.RegularExpressions;

namespace ScheduleSearch.Api.Tests.Architecture;

/// <summary>
/// Which folders of a project depend on which, read from its source: a file depends on the namespaces that it uses, that it names, and, of those
/// around its own, that declare a type which it names. Namespaces follow folders, and a using that nobody needs does not build.
/// </summary>
/// <param name="rootNamespace">The namespace of the project's own folder, which holds only what puts the rest together and so is left out.</param>
/// <param name="sources">The texts of the files.</param>
internal sealed partial class FolderGraph(string rootNamespace, IEnumerable<string> sources)
{
    private readonly List<(string Namespace, string Text)> _files =
    [
        .. sources.Select(text => (Namespace: NamespaceOf(text), Text: CommentsOrStrings().Replace(text, " ")))
            .Where(file => file.Namespace.StartsWith($"{rootNamespace}.", StringComparison.Ordinal)),
    ];

    /// <summary>The folders, as the rest of their namespaces.</summary>
    public IEnumerable<string> Folders => _files.Select(file => Short(file.Namespace)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The dependencies, from and to, cut to so many levels of folders.</summary>
    public HashSet<(string From, string To)> Edges(int levels = int.MaxValue)
    {
        var declared = _files.GroupBy(file => file.Namespace).ToDictionary(
            group => group.Key, group => group.SelectMany(file => Declarations().Matches(file.Text).Select(match => match.Groups[1].Value)).ToHashSet());
        var edges = new HashSet<(string From, string To)>();
        foreach (var (own, text) in _files)
        {
            var names = Names().Matches(text).Select(match => match.Value).ToHashSet();
            foreach (var other in declared.Keys.Where(other => other != own && DependsOn(own, text, names, other, declared[other])))
            {
                var (from, to) = (Cut(Short(own), levels), Cut(Short(other), levels));
                if (from != to) edges.Add((from, to));
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

    private static bool DependsOn(string own, string text, HashSet<string> names, string other, HashSet<string> types) =>
        Regex.IsMatch(text, $@"^using ({Regex.Escape(other)}|static {Regex.Escape(other)}\.\w+);", RegexOptions.Multiline)
        // A name in full, or from a namespace around on.
        || Regex.IsMatch(text, $@"(?<!namespace )\b{Regex.Escape(other[(other.LastIndexOf('.') + 1)..])}\.({string.Join('|', types)})\b")
        || (own.StartsWith($"{other}.", StringComparison.Ordinal) && names.Overlaps(types));

    private static string NamespaceOf(string text) => Namespaces().Match(text) is { Success: true } match ? match.Groups[1].Value : "";

    private static string Cut(string folder, int levels) => string.Join('.', folder.Split('.').Take(levels));

    private string Short(string name) => name[(rootNamespace.Length + 1)..];

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) (\w+)")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Names();

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentsOrStrings();
}

using System.Text.RegularExpressions;

namespace ScheduleSearch.Tests.Architecture;

/// <summary>A source file of a project.</summary>
/// <param name="Root">The namespace of the project's own folder.</param>
/// <param name="Path">Its path within the project, with slashes.</param>
/// <param name="Text">What stands in it.</param>
internal sealed partial record SourceFile(string Root, string Path, string Text)
{
    /// <summary>Its name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The type that its name says.</summary>
    public string TypeOfName => Name[..Name.IndexOf('.')];

    /// <summary>Its folder within the project, with points; empty for the project's own.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace(System.IO.Path.DirectorySeparatorChar, '.');

    /// <summary>The namespace that follows from its folder.</summary>
    public string NamespaceOfFolder => Folder.Length == 0 ? Root : $"{Root}.{Folder}";

    /// <summary>The namespace that it states.</summary>
    public string Namespace { get; } = Namespaces().Match(Text).Groups[1].Value;

    /// <summary>Whether it is the part of a type of another folder that is about this one, such as <c>Features/Overlap/Problem.Overlap.cs</c>.</summary>
    public bool IsPartElsewhere => Namespace != NamespaceOfFolder && Name.Count('.') == 2 && Folder.EndsWith($".{Name.Split('.')[1]}", StringComparison.Ordinal);

    /// <summary>Its text without comments and what stands in quotes.</summary>
    public string Code { get; } = CommentsOrStrings().Replace(Text, " ");

    /// <summary>The types that it declares, within other types too.</summary>
    public IEnumerable<string> Types => Declarations().Matches(Code).Select(match => match.Groups[1].Value);

    /// <summary>The types that it declares for all to see.</summary>
    public IEnumerable<string> OuterTypes => OuterDeclarations().Matches(Code).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentsOrStrings();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) (\w+)")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"^(?:public|internal)[\w ]* (?:class|struct|interface|enum|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex OuterDeclarations();
}

using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Architecture;

/// <summary>Folders are layers: none depends on another in a circle, and a type is found by its file's name.</summary>
public sealed partial class FolderTests
{
    private const string Root = "ScheduleSearch.Api";

    private static string Project => Path.Combine(Repository(), "src", Root);

    [Fact]
    public void No_folder_depends_on_another_in_a_circle()
    {
        var graph = new FolderGraph(Root, Files().Select(File.ReadAllText));
        graph.Folders.ShouldContain("Schedules.Answers");
        var edges = graph.Edges();
        edges.ShouldContain(("Schedules", "Schedules.Documents"), "endpoints answer with documents");
        edges.ShouldContain(("Jobs", "Storage"));
        FolderGraph.Circle(edges).ShouldBeNull();
        FolderGraph.Circle(graph.Edges(levels: 1)).ShouldBeNull("whole folders too");
    }

    [Theory]
    [InlineData("using A.Two;\nnamespace A.One;\nclass First;", "namespace A.Two;\nclass Second { A.One.First? x; }", "One Two One")]
    [InlineData("using A.One.Part;\nnamespace A.One;\nclass First;", "namespace A.One.Part;\nclass Second { First? x; }", "One One.Part One")]
    [InlineData("using A.Two;\nnamespace A.One;\nclass First;", "namespace A.Two;\nclass Second { One.First? x; }", "One Two One")]
    [InlineData("using A.Two;\nnamespace A.One;\nclass First;", "namespace A.Two;\nclass Second { /// <summary>Of One.First.</summary>\n int First; }", null)]
    public void A_circle_is_found(string one, string two, string? circle)
    {
        var found = FolderGraph.Circle(new FolderGraph("A", [one, two]).Edges());
        (found is null ? null : string.Join(' ', found)).ShouldBe(circle);
    }

    [Fact]
    public void Each_file_has_one_type_and_its_name()
    {
        foreach (var file in Files().Where(file => Path.GetFileName(file) != "Program.cs"))
        {
            var types = OuterTypes().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);
            types.ShouldBe([Path.GetFileNameWithoutExtension(file)]);
        }
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var wrong = Files().Where(file => Path.GetFileName(file) != "Program.cs").Where(file =>
        {
            var folder = Path.GetRelativePath(Project, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            return !File.ReadAllText(file).Contains($"\nnamespace {Root}.{folder};\n", StringComparison.Ordinal)
                && !File.ReadAllText(file).StartsWith($"namespace {Root}.{folder};\n", StringComparison.Ordinal);
        });
        wrong.ShouldBeEmpty();
    }

    /// <summary>The source of the service, without what tools write.</summary>
    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Project, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Project, file).Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj", "Migrations"]).Any());

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ScheduleSearch.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository around the tests.");
        return folder;
    }

    [GeneratedRegex(@"^(?:public|internal)[\w ]* (?:class|struct|interface|enum|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex OuterTypes();
}

using System.Globalization;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Tests.Architecture;

/// <summary>
/// What holds for the source of every project: folders are layers, none of which depends on another in a circle, and a type is found by its file's name. A
/// catalogue puts together what there is of a kind and so knows all of it: what it depends on is left out.
/// </summary>
/// <param name="project">The name of the project.</param>
/// <param name="layers">The folders that count as one with another, by their names.</param>
public abstract class FolderRules(string project, IReadOnlyDictionary<string, string>? layers = null)
{
    private readonly SourceProject _project = new(project);

    /// <summary>Dependencies that there are, by which the test knows that it sees them.</summary>
    protected abstract IReadOnlyList<(string From, string To)> Known { get; }

    [Fact]
    public void No_folder_depends_on_another_in_a_circle()
    {
        var graph = new FolderGraph(_project.Files.Where(file => !file.Name.EndsWith("Catalogue.cs", StringComparison.Ordinal)), layers);
        var edges = graph.Edges();
        foreach (var known in Known) edges.ShouldContain(known);
        FolderGraph.Circle(edges).ShouldBeNull();
        FolderGraph.Circle(graph.Edges(levels: 1)).ShouldBeNull("whole folders too");
    }

    [Fact]
    public void Each_file_has_one_type_and_its_name()
    {
        foreach (var file in Typed()) file.OuterTypes.ShouldBe([file.TypeOfName], file.Path);
    }

    [Fact]
    public void Namespaces_follow_folders() =>
        Typed().Where(file => file.Namespace != file.NamespaceOfFolder && !file.IsPartElsewhere).Select(file => file.Path).ShouldBeEmpty();

    [Fact]
    public void Lines_are_no_longer_than_the_editor_is_told()
    {
        var setting = File.ReadLines(Path.Combine(SourceProject.Repository, ".editorconfig")).Single(line => line.StartsWith("max_line_length", StringComparison.Ordinal));
        var longest = int.Parse(setting.Split('=')[1], CultureInfo.InvariantCulture);
        _project.Files.SelectMany(file => file.Text.Split('\n').Select((line, index) => (Place: $"{file.Path}:{index + 1}", line.Length)))
            .Where(line => line.Length > longest).ShouldBeEmpty();
    }

    private IEnumerable<SourceFile> Typed() => _project.Files.Where(file => file.Name != "Program.cs");
}

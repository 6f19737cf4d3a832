using ScheduleSearch.Tests.Architecture;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Architecture;

public class FolderGraphTests
{
    [Theory]
    [InlineData("using A.Two;\nnamespace A.One;\nclass First;", "namespace A.Two;\nclass Second { A.One.First? x; }", "One Two One")]
    [InlineData("using A.Two;\nnamespace A.One;\nclass First;", "namespace A.Two;\nclass Second { One.First? x; }", "One Two One")]
    [InlineData("using A.Two;\nnamespace A.One;\nclass First;", "namespace A.Two;\nclass Second { /// <summary>Of One.First.</summary>\n int First; }", null)]
    [InlineData("using A.Two;\nnamespace A.One;\nclass OneFeature;", "using A.One;\nnamespace A.Two;\nclass Second { string x = OneFeature.Id; }", null)]
    [InlineData("using A.Two;\nnamespace A.One;\nclass OneFeature;", "using A.One;\nnamespace A.Two;\nclass Second { string x = OneFeature.Id; OneFeature y; }", "One Two One")]
    public void A_circle_is_found(string one, string two, string? circle) =>
        CircleOf(new("A", "One/First.cs", one), new("A", "Two/Second.cs", two)).ShouldBe(circle);

    [Fact]
    public void A_folder_depends_on_the_one_around_it() => CircleOf(
        new("A", "One/First.cs", "using A.One.Part;\nnamespace A.One;\nclass First;"),
        new("A", "One/Part/Second.cs", "namespace A.One.Part;\nclass Second { First? x; }")).ShouldBe("One One.Part One");

    [Fact]
    public void A_part_of_a_type_counts_where_it_stands()
    {
        SourceFile whole = new("A", "One/First.cs", "namespace A.One;\npartial class First;");
        SourceFile part = new("A", "Rooms/Two/First.Two.cs", "using A.Rooms.Two;\nnamespace A.One;\npartial class First { Second? x; }");
        SourceFile second = new("A", "Rooms/Two/Second.cs", "using A.One;\nnamespace A.Rooms.Two;\nclass Second { First? x; }");
        CircleOf(whole, part, second).ShouldBeNull();
        new FolderGraph([whole, part, second]).Edges().ShouldBe([("Rooms.Two", "One")]);
    }

    private static string? CircleOf(params SourceFile[] files) =>
        FolderGraph.Circle(new FolderGraph(files).Edges()) is { } circle ? string.Join(' ', circle) : null;
}

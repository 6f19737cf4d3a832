using ScheduleSearch.Tests.Architecture;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Architecture;

/// <summary>The solver stands on Core, and searches and proves without naming a feature.</summary>
public sealed class SolverTests
{
    /// <summary>It calls a constraint of CP-SAT by its name.</summary>
    private const string NoOverlap = "Exact/LaneConstraint.cs";

    private readonly SourceProject _solver = new("ScheduleSearch.Solver");

    [Fact]
    public void It_does_not_know_the_service()
    {
        _solver.ProjectFile.ShouldNotContain("ScheduleSearch.Api");
        typeof(ScheduleSolver).Assembly.GetReferencedAssemblies().ShouldNotContain(assembly => assembly.Name == "ScheduleSearch.Api");
    }

    [Theory]
    [InlineData("Search")]
    [InlineData("Exact")]
    [InlineData("Bounds")]
    public void Features_are_named_but_to_cover_them(string folder)
    {
        _solver.Below(folder).ShouldNotBeEmpty();
        FeatureWords.In(_solver.Below(folder).Where(file => file.Path != NoOverlap)).ShouldBeEmpty();
    }
}

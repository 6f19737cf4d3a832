using ScheduleSearch.Tests.Architecture;

namespace ScheduleSearch.Solver.Tests.Architecture;

/// <summary>The layers of the solver.</summary>
public sealed class FolderTests() : FolderRules("ScheduleSearch.Solver")
{
    protected override IReadOnlyList<(string From, string To)> Known =>
        [("Search", "Solutions"), ("Exact", "Search"), ("Bounds", "Exact"), ("Processes", "Portfolio"), ("Search.Local", "Search.Constructions")];
}

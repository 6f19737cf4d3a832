namespace ScheduleSearch.Solver.Tests;

/// <summary>Tests that look for the children of this process, and kill some, run one after the other.</summary>
internal static class SolverChildren
{
    public const string Alone = "solver children";
}

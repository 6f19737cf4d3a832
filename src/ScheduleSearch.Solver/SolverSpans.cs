using System.Diagnostics;

namespace ScheduleSearch.Solver;

/// <summary>The spans of the solver: one for each search in a child process. They cost nothing while nobody listens.</summary>
public static class SolverSpans
{
    /// <summary>The name of their source.</summary>
    public const string Name = "schedulesearch.solver";

    internal static ActivitySource Source { get; } = new(Name);
}

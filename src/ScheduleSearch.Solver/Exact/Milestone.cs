namespace ScheduleSearch.Solver.Exact;

/// <summary>An operation whose least start is asked for.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="StepsBehind">Steps after its start within which all that is left can follow.</param>
internal sealed record Milestone(int Operation, long StepsBehind);

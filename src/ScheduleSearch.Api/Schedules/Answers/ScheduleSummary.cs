namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A stored schedule in brief, in its profile's own units.</summary>
/// <param name="Id">The id of the problem.</param>
/// <param name="Name">What the profile was called when it was submitted first; where keys are required, what the key calls it that asks.</param>
/// <param name="Status">The state of its search.</param>
/// <param name="Devices">p: its devices.</param>
/// <param name="Chunks">v: its chunks of each device.</param>
/// <param name="Placement">Its placement.</param>
/// <param name="Microbatches">m: its microbatches.</param>
/// <param name="Objective">What it is judged by.</param>
/// <param name="Makespan">Its makespan.</param>
/// <param name="Span">Its span.</param>
/// <param name="LowerBound">Its proved lower bound.</param>
/// <param name="Gap">(objective - lowerBound) / objective.</param>
/// <param name="Method">What found it.</param>
/// <param name="SolveSeconds">Search time spent on it in all.</param>
/// <param name="CreatedAt">When the problem was submitted first.</param>
/// <param name="UpdatedAt">When the result or the state changed last.</param>
internal sealed record ScheduleSummary(
    string Id, string? Name, string Status, int Devices, int Chunks, string Placement, int Microbatches, string Objective, decimal? Makespan,
    decimal? Span, decimal? LowerBound, double? Gap, string? Method, double SolveSeconds, DateTime CreatedAt, DateTime UpdatedAt);

namespace ScheduleSearch.Solver.Processes;

/// <summary>What a child says, on one line: that it is warm, something better, a defect that it survived, or that it is done.</summary>
internal sealed record SolverReply(FoundMessage? Found = null, string? Defect = null, bool Done = false, bool Ready = false);

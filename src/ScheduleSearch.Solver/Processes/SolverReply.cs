namespace ScheduleSearch.Solver.Processes;

/// <summary>What a child answers, on one line: something better, a defect that it survived, or that it is done.</summary>
internal sealed record SolverReply(FoundMessage? Found = null, string? Defect = null, bool Done = false);

namespace ScheduleSearch.Solver.Solutions;

/// <summary>Two results that cannot both be true: an invalid schedule from a method that makes only valid ones, or a value below a proved bound.</summary>
public sealed class ContradictionException(string message) : Exception(message);

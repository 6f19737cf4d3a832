namespace ScheduleSearch.Core.Operations;

/// <summary>Memory that an operation has taken and that whoever reads its result frees.</summary>
/// <param name="TakenBy">Index of the operation.</param>
/// <param name="Units">Memory units.</param>
public readonly record struct HeldPart(int TakenBy, long Units);

namespace ScheduleSearch.Core.Instructions;

/// <summary>A rule that a set of streams breaks.</summary>
/// <param name="Rule">
/// <c>rank</c>, <c>duplicate</c>, <c>dependency</c>, <c>pair</c>, <c>peer</c>, <c>pairing</c>, <c>unmatched</c>, <c>hang</c> or <c>completeness</c>.
/// </param>
/// <param name="Rank">The rank on which it is broken.</param>
/// <param name="Position">Position in the rank's stream, from 0; -1 when an operation is missing.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
public readonly record struct StreamViolation(string Rule, int Rank, int Position, string Message);

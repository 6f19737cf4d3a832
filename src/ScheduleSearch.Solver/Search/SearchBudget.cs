namespace ScheduleSearch.Solver.Search;

/// <summary>What a search method may spend.</summary>
/// <param name="Work">
/// Deterministic work units (one unit is about a thousand simple instructions), or null when only the cancellation ends the search. With a
/// work limit a method's offers depend on the board's state at its start, the seed and the limit alone, never on the clock.
/// </param>
/// <param name="Seed">Seed of every random choice.</param>
/// <param name="Workers">Threads that the method may use.</param>
public readonly record struct SearchBudget(long? Work, int Seed, int Workers);

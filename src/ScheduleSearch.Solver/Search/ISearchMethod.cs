using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search;

/// <summary>What a search method may spend.</summary>
/// <param name="Work">
/// Deterministic work units (one unit is about a thousand simple steps), or null when only the cancellation ends the search. With a
/// work limit a method's offers depend on the board's state at its start, the seed and the limit alone, never on the clock.
/// </param>
/// <param name="Seed">Seed of every random choice.</param>
/// <param name="Workers">Threads that the method may use.</param>
public readonly record struct SearchBudget(long? Work, int Seed, int Workers);

/// <summary>What a search method is after.</summary>
public enum SearchAim
{
    /// <summary>Better schedules, for as long as there is time.</summary>
    Schedules,

    /// <summary>Schedules for others to go on from: it comes to its own end.</summary>
    Starts,

    /// <summary>Better bounds.</summary>
    Bounds,

    /// <summary>Both, until they meet.</summary>
    Optimum,
}

/// <summary>A way to find better schedules or bounds. It offers whatever it finds to the board, at once.</summary>
public interface ISearchMethod
{
    /// <summary>The name that results give it, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>Whether the method is worth its time on a problem.</summary>
    bool Suits(Problem problem);

    /// <summary>What the method is after.</summary>
    SearchAim Aim { get; }

    /// <summary>Searches until there is nothing left to find, the budget is spent, or it is canceled (then it returns within a fraction of a second).</summary>
    void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation);
}

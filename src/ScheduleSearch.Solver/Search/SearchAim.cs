namespace ScheduleSearch.Solver.Search;

/// <summary>What a search method is after.</summary>
public enum SearchAim
{
    /// <summary>Better schedules, for as long as there is time.</summary>
    Schedules,

    /// <summary>Schedules for others to go on from: it comes to its own end.</summary>
    Constructions,

    /// <summary>Better bounds.</summary>
    Bounds,

    /// <summary>Both, until they meet.</summary>
    Optimum,
}

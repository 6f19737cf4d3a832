namespace ScheduleSearch.Solver.Processes;

/// <summary>Why a child ended before its search was done.</summary>
public enum ChildLoss
{
    /// <summary>It ended by itself, or something else than the solver ended it.</summary>
    Died,

    /// <summary>It was killed because it overstayed its time, or a request to stop.</summary>
    OverTime,

    /// <summary>It was killed because it held too much memory.</summary>
    OverMemory,
}

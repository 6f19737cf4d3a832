namespace ScheduleSearch.Solver.Processes;

/// <summary>What guards the improving search and how much of the machine it takes.</summary>
public sealed record SolverSettings
{
    /// <summary>Threads of one search. Default: all cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Time after a search's limit at which its child process is killed. Default 1.5 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Resident memory at which a child process is killed, in MiB. Default 4096.</summary>
    public int MemoryCeiling { get; init; } = 4096;

    /// <summary>The longest that a search with a work limit may take. Default 10 minutes.</summary>
    public TimeSpan LongestWork { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Child processes that are kept warm for the next search. Default 2.</summary>
    public int WarmChildren { get; init; } = 2;

    /// <summary>The folder of the child's executable. Default: where this program stands.</summary>
    public string Folder { get; init; } = AppContext.BaseDirectory;
}

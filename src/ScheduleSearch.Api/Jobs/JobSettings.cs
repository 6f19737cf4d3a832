using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Jobs;

/// <summary>How many searches there may be, and how long requests wait for them: the section <c>Jobs</c> of the configuration.</summary>
internal sealed class JobSettings
{
    /// <summary>Whether this process answers requests, carries out searches, or both. One alone needs Postgres, where they find each other.</summary>
    public JobRole Role { get; init; } = JobRole.Both;

    /// <summary>Improving searches at the same time. Each uses several threads of its own.</summary>
    [Range(1, 64)]
    public int Searches { get; init; } = 1;

    /// <summary>Quick passes at the same time.</summary>
    [Range(1, 256)]
    public int QuickPasses { get; init; } = Environment.ProcessorCount;

    /// <summary>Choices of a placement at the same time. They wait for the searches of their alternatives and take next to nothing themselves.</summary>
    [Range(1, 64)]
    public int Choices { get; init; } = 8;

    /// <summary>Least seconds that a search keeps its place when another one's turn comes before it.</summary>
    [Range(0.1, 3600)]
    public double TurnSeconds { get; init; } = 2;

    /// <summary>Seconds between two looks for rows that wait and that nobody was told of, as after the end of a process.</summary>
    [Range(0.1, 3600)]
    public double SweepSeconds { get; init; } = 5;

    /// <summary>Unfinished problems beyond which a new one is answered 429.</summary>
    [Range(1, 100_000)]
    public int MaxUnfinished { get; init; } = 256;

    /// <summary>Seconds that a request waits beyond its time limit before it is answered 202.</summary>
    [Range(0, 60)]
    public double GraceSeconds { get; init; } = 3;

    /// <summary>Whether the jobs can be looked at under <c>/jobs</c>: by requests from the machine itself only.</summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>Least milliseconds between two improvements of a large schedule that are stored; the last one always is.</summary>
    [Range(0, 60_000)]
    public int StoreIntervalMilliseconds { get; init; } = 500;

    internal bool IsWorker => Role != JobRole.Api;

    internal bool IsApi => Role != JobRole.Worker;
}

using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Jobs;

/// <summary>How many searches there may be, and how long requests wait for them: the section <c>Jobs</c> of the configuration.</summary>
internal sealed class JobSettings
{
    /// <summary>Improving searches at the same time. Each uses several threads of its own.</summary>
    [Range(1, 64)]
    public int Searches { get; init; } = 1;

    /// <summary>Quick passes at the same time.</summary>
    [Range(1, 256)]
    public int QuickPasses { get; init; } = Environment.ProcessorCount;

    /// <summary>Unfinished problems beyond which a new one is answered 429.</summary>
    [Range(1, 100_000)]
    public int MaxUnfinished { get; init; } = 256;

    /// <summary>Seconds that a request waits beyond its time limit before it is answered 202.</summary>
    [Range(0, 60)]
    public double GraceSeconds { get; init; } = 3;

    /// <summary>Least milliseconds between two improvements of a large schedule that are stored; the last one always is.</summary>
    [Range(0, 60_000)]
    public int StoreIntervalMilliseconds { get; init; } = 500;
}

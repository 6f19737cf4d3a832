namespace ScheduleSearch.Core.Profiles;

/// <summary>What is to be optimised and how much may be spent on it.</summary>
public sealed record SolveOptions
{
    /// <summary>What a schedule is judged by. Default makespan.</summary>
    /// <example>makespan</example>
    public Objective Objective { get; init; } = Objective.Makespan;

    /// <summary>
    /// What durations do from one iteration to the next, as evaluate takes it: schedules are then judged by the statistic of the objective over 32 fixed
    /// scenarios. Absent: by the objective at the profile's durations.
    /// </summary>
    public Noise? Noise { get; init; }

    /// <summary>What of the objective over the scenarios of <c>noise</c> is to be least: <c>mean</c>, the default, or <c>p95</c>. Only with noise.</summary>
    /// <example>mean</example>
    public Statistic? Statistic { get; init; }

    /// <summary>The options that are a part of a problem.</summary>
    public static SolveOptions Of(Problem problem) => new()
    {
        Objective = problem.Objective,
        SplitBackward = problem.SplitBackward,
        Noise = problem.Robust?.Noise,
        Statistic = problem.Robust?.Statistic,
    };

    /// <summary>What schedules are judged by where durations vary; null where they do not.</summary>
    internal RobustObjective? Robust => Noise is { } noise ? new RobustObjective(noise, Statistic ?? Profiles.Statistic.Mean) : null;

    /// <summary>Wall-clock budget of the search in seconds, above 0; 10 by default.</summary>
    /// <example>10</example>
    public double TimeLimitSeconds { get; init; } = 10;

    /// <summary>The search stops as soon as (objective - lowerBound) / objective is at most this; from 0 to 1, default 0.</summary>
    /// <example>0.01</example>
    public double TargetGap { get; init; }

    /// <summary>Whether backwardWeight may be scheduled apart from backwardInput. Default true.</summary>
    /// <example>true</example>
    public bool SplitBackward { get; init; } = true;

    /// <summary>
    /// The name of a schedule family, as <c>GET /families</c> lists it, with its parameter after it if it has one, as in <c>gis-6</c>: its
    /// schedule is answered as it is, without a search. Absent: the best
    /// schedule is searched.
    /// </summary>
    /// <example>1f1b</example>
    public string? Family { get; init; }

    /// <summary>A deterministic budget instead of seconds: the same problem, seed and work limit give the same answer on every run.</summary>
    /// <example>1000000</example>
    public long? WorkLimit { get; init; }

    /// <summary>
    /// The formats that the caller's runtime reads, as <c>GET /formats</c> names them: where the profile leaves something open, only what one of them may
    /// carry is chosen. At most 32. Absent: anything is.
    /// </summary>
    /// <example>["pytorch"]</example>
    public IReadOnlyList<string>? Formats { get; init; }

    /// <summary>
    /// The runtime that is to run the schedule: <c>pytorch</c>, <c>torchtitan</c>, <c>deepspeed</c>, <c>megatron-zb</c>, <c>jaxpp</c> or <c>nnscaler</c>.
    /// Only what it carries is searched, chosen or answered, with whole backwards where it has no others, and the answer tells how to launch it. Absent: any.
    /// </summary>
    /// <example>torchtitan</example>
    public string? Runtime { get; init; }

    /// <summary>The placements that <c>best</c> may choose. At most 32. Absent: all.</summary>
    /// <example>["linear", "v"]</example>
    public IReadOnlyList<string>? Placements { get; init; }

    /// <summary>Seed of every random choice. Default 0.</summary>
    /// <example>0</example>
    public int Seed { get; init; }
}

using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>How often a schedule is replayed, and with which durations.</summary>
public sealed record EvaluationRequest
{
    /// <summary>How often each order is replayed, from 1 to 100,000.</summary>
    /// <example>1000</example>
    public int Replays { get; init; } = 1000;

    /// <summary>The draws' seed: the same seed has the same durations, for every order of a problem, now and later.</summary>
    /// <example>0</example>
    public long Seed { get; init; }

    /// <summary>Whether the published families of the placement whose orders fit the problem are replayed with the same durations.</summary>
    /// <example>true</example>
    public bool Families { get; init; } = true;

    /// <summary>What durations do; left out, all are the profile's.</summary>
    public Noise Noise { get; init; } = new();
}

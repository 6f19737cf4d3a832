using System.Text.Json;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>What a point of a sweep has reached.</summary>
/// <param name="Index" example="0">Its place, from 0: the last axis varies fastest.</param>
/// <param name="Values">The value of each axis, by its path.</param>
/// <param name="Status" example="optimal">
/// <c>waiting</c>, <c>queued</c> or <c>running</c>, then <c>optimal</c>, <c>feasible</c>, <c>canceled</c>, <c>failed</c>, or <c>invalid</c>:
/// <c>problem</c> says why its request has no schedule.
/// </param>
internal sealed record SweepRowAnswer(int Index, IReadOnlyDictionary<string, JsonElement> Values, string Status)
{
    /// <summary>The id of its schedule.</summary>
    /// <example>9b0c51a7d2f84c1e6a3b9d0c7e5f1a2b4c6d8e0f1a3b5c7d9e0f2a4b6c8d0e1f</example>
    public string? Id { get; init; }

    /// <summary>The objective of the best schedule at the profile's durations, in its unit.</summary>
    /// <example>310.5</example>
    public decimal? Objective { get; init; }

    /// <summary>What no schedule is better than.</summary>
    /// <example>310.5</example>
    public decimal? LowerBound { get; init; }

    /// <summary>(objective - lowerBound) / objective, of the statistic where durations vary; absent where no bound is claimed.</summary>
    /// <example>0</example>
    public double? Gap { get; init; }

    /// <summary>The most that any device holds at once, in the unit of its profile.</summary>
    /// <example>8</example>
    public decimal? PeakMemory { get; init; }

    /// <summary>The idle share of all devices' time, from 0 to 1.</summary>
    /// <example>0.17</example>
    public double? MeanIdle { get; init; }

    /// <summary>The idle share of the busiest device's time, from 0 to 1.</summary>
    /// <example>0.11</example>
    public double? BubbleRatio { get; init; }

    /// <summary>What found the schedule.</summary>
    /// <example>zb-h1</example>
    public string? Method { get; init; }

    /// <summary>Tokens of all microbatches in a second, where the sweep states the tokens of one.</summary>
    /// <example>81920</example>
    public double? TokensPerSecond { get; init; }

    /// <summary>What an iteration costs on all devices, where the sweep states the price of a device's hour.</summary>
    /// <example>0.0042</example>
    public double? Cost { get; init; }

    /// <summary>What a million tokens cost, where the sweep states both.</summary>
    /// <example>0.25</example>
    public double? CostOfMillionTokens { get; init; }

    /// <summary>Whether no other point takes less time for a microbatch with as little memory, nor less memory in as little time.</summary>
    /// <example>true</example>
    public bool OnFront { get; init; }

    /// <summary>Why its request has no schedule.</summary>
    public HttpProblem? Problem { get; init; }
}

using System.ComponentModel.DataAnnotations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Limits;

/// <summary>What the server takes: the section <c>Limits</c> of the configuration, and the answer of <c>GET /limits</c>.</summary>
internal sealed class LimitSettings
{
    /// <summary>Largest <c>options.timeLimitSeconds</c>.</summary>
    [Range(0.001, 86_400)]
    public double MaxTimeLimitSeconds { get; init; } = 600;

    /// <summary>Largest <c>options.workLimit</c>.</summary>
    [Range(1, long.MaxValue)]
    public long MaxWorkLimit { get; init; } = 1_000_000_000;

    /// <summary>Most bytes of a request's body, before and after decompression.</summary>
    [Range(1024, 1 << 30)]
    public int MaxBodyBytes { get; init; } = 16 << 20;

    /// <summary>Most devices.</summary>
    [Range(1, 4096)]
    public int MaxDevices { get; init; } = ProblemLimits.Default.MaxDevices;

    /// <summary>Most stages of a pipe.</summary>
    [Range(1, 65_536)]
    public int MaxStages { get; init; } = ProblemLimits.Default.MaxStages;

    /// <summary>Most microbatches an iteration.</summary>
    [Range(1, 1 << 20)]
    public int MaxMicrobatches { get; init; } = ProblemLimits.Default.MaxMicrobatches;

    /// <summary>Most operations: three for each stage and microbatch.</summary>
    [Range(3, 10_000_000)]
    public int MaxOperations { get; init; } = ProblemLimits.Default.MaxOperations;

    /// <summary>Most schedules on a page of <c>GET /schedules</c>.</summary>
    [Range(1, 1000)]
    public int MaxPageSize { get; init; } = 100;

    internal ProblemLimits OfProblems() => new(MaxDevices, MaxStages, MaxMicrobatches, MaxOperations);
}

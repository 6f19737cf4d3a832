using System.ComponentModel.DataAnnotations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Limits;

/// <summary>What the server takes: the section <c>Limits</c> of the configuration, and the answer of <c>GET /limits</c>.</summary>
internal sealed class LimitSettings : IValidatableObject
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

    /// <summary>Most bytes of all bodies that are received or worked on at the same time; beyond it 503 says when to come back.</summary>
    [Range(4096, int.MaxValue)]
    public int MaxBodyBytesInFlight { get; init; } = 64 << 20;

    /// <summary>Bodies of more than 64 KiB that are worked on at the same time; the others wait for their turn.</summary>
    [Range(1, 64)]
    public int LargeBodies { get; init; } = 2;

    /// <summary>Most seconds in which a body arrives.</summary>
    [Range(1, 3600)]
    public int MaxBodySeconds { get; init; } = 60;

    /// <summary>Most seconds in which a request's line and headers arrive.</summary>
    [Range(1, 3600)]
    public int MaxHeaderSeconds { get; init; } = 15;

    /// <summary>Most bytes of a request's headers.</summary>
    [Range(1024, 1 << 20)]
    public int MaxHeaderBytes { get; init; } = 16 << 10;

    /// <summary>Most headers of a request.</summary>
    [Range(16, 1000)]
    public int MaxHeaders { get; init; } = 64;

    /// <summary>Bytes of a large answer that its reader takes in a second at least; who takes fewer is cut off.</summary>
    [Range(1, 1 << 30)]
    public int MinResponseBytesPerSecond { get; init; } = 64 << 10;

    /// <summary>Most connections at the same time; more are closed unheard.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 4096;

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

    /// <summary>Most requests of a batch.</summary>
    [Range(1, 10_000)]
    public int MaxBatchRequests { get; init; } = 1000;

    /// <summary>Most points of a sweep.</summary>
    [Range(1, 10_000)]
    public int MaxSweepPoints { get; init; } = 1000;

    /// <summary>Most operations that all replays of an evaluation have together, those of the families beside it included.</summary>
    [Range(1000, 1_000_000_000_000)]
    public long MaxReplayedOperations { get; init; } = 200_000_000;

    /// <summary>Evaluations that are worked on at the same time; the others wait for their turn.</summary>
    [Range(1, 64)]
    public int Evaluations { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxBodyBytesInFlight < 2L * MaxBodyBytes)
            yield return new ValidationResult($"{nameof(MaxBodyBytesInFlight)} must be at least twice {nameof(MaxBodyBytes)}.", [nameof(MaxBodyBytesInFlight)]);
    }

    internal ProblemLimits OfProblems() => new(MaxDevices, MaxStages, MaxMicrobatches, MaxOperations);
}

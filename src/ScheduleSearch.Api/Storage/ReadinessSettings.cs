using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Storage;

/// <summary>When the service counts as ready: the section <c>Readiness</c> of the configuration.</summary>
internal sealed class ReadinessSettings
{
    /// <summary>Bytes below which the disk of a SQLite file counts as full: a large schedule would no longer fit.</summary>
    [Range(0, long.MaxValue)]
    public long LeastFreeBytes { get; init; } = 16 << 20;
}

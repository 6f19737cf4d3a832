using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Batches;

/// <summary>How batches are fed to the searches: the section <c>Batches</c> of the configuration.</summary>
internal sealed class BatchSettings
{
    /// <summary>
    /// Requests of batches that are submitted and not done at the same time; the others wait, and take no place that another request could have.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; init; } = 16;

    /// <summary>Requests of batches that are not done, beyond which a new batch is answered 429.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaiting { get; init; } = 100_000;
}

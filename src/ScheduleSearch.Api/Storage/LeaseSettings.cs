using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Storage;

/// <summary>How long promises in the table hold without another word: the section <c>Leases</c> of the configuration.</summary>
internal sealed class LeaseSettings
{
    /// <summary>
    /// Seconds after which the search of a process that is not heard of is taken up by another. The machines' clocks must agree better than that.
    /// </summary>
    [Range(1, 3600)]
    public double Seconds { get; init; } = 30;

    /// <summary>Seconds for which a result counts as waited for after its client was last heard of.</summary>
    [Range(1, 3600)]
    public double WaitedSeconds { get; init; } = 12;
}

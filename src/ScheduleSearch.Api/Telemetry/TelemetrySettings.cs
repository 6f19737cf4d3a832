using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>What is told of the service: the section <c>Telemetry</c> of the configuration.</summary>
internal sealed class TelemetrySettings
{
    /// <summary>Least seconds between two looks at the table for the numbers of rows; a look that takes long is repeated less often.</summary>
    [Range(0.1, 3600)]
    public double TableSeconds { get; init; } = 10;

    /// <summary>Whether metrics are for everybody who reaches the service; else, where keys are required, they are for administrators.</summary>
    public bool OpenMetrics { get; init; }
}

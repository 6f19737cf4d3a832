using System.Diagnostics;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>What this service calls itself where it is observed.</summary>
internal static class TelemetryNames
{
    /// <summary>The service, its meter and the source of its spans.</summary>
    public const string Service = "schedulesearch";

    /// <summary>The tag of a span that says which schedule it is about: its id.</summary>
    public const string ScheduleId = "schedule.id";

    /// <summary>Where the service's own spans come from; they cost nothing while nobody listens.</summary>
    public static ActivitySource Spans { get; } = new(Service);
}

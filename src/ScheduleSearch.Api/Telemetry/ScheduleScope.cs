using System.Diagnostics;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>Marks what is logged, and the span under way, as being about a schedule.</summary>
internal static class ScheduleScope
{
    /// <summary>The member of the scope that holds the id.</summary>
    public const string Member = "ScheduleId";

    private static readonly Func<ILogger, string, IDisposable?> Begin = LoggerMessage.DefineScope<string>($"schedule {{{Member}}}");

    /// <summary>Until it is disposed of, lines that are logged here and in what is started here carry the id.</summary>
    public static IDisposable? BeginSchedule(this ILogger logger, string id)
    {
        Activity.Current?.SetTag(TelemetryNames.ScheduleId, id);
        return Begin(logger, id);
    }
}

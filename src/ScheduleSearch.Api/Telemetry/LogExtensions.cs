using Microsoft.Extensions.Logging.Console;

namespace ScheduleSearch.Api.Telemetry;

internal static class LogExtensions
{
    /// <summary>The console's lines for people, unless <c>Logging:Console:FormatterName</c> chooses <c>json</c> for machines.</summary>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging) => logging
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>()
        .AddConsole(console => console.FormatterName ??= LineFormatter.FormatterName);
}

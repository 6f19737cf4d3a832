using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>
/// Writes each entry on a line of its own: when, how grave, which part of the service, about which schedule, and what. Whatever a text from
/// outside holds, it does not begin another line: characters that steer a terminal are written as escapes.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>Its name in <c>Logging:Console:FormatterName</c>.</summary>
    public const string FormatterName = "line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {WordOf(logEntry.LogLevel)}: {logEntry.Category} ");
        if (ScheduleOf(scopeProvider) is { } id) line.Append(CultureInfo.InvariantCulture, $"[{id}] ");
        AppendEscaped(line, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception) AppendEscaped(line.Append(' '), exception.ToString());
        textWriter.WriteLine(line);
    }

    private static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "dbug",
    };

    /// <summary>The schedule of the innermost scope that has one.</summary>
    private static string? ScheduleOf(IExternalScopeProvider? scopes)
    {
        var found = new Found();
        scopes?.ForEachScope(
            (scope, into) =>
            {
                if (scope is not IEnumerable<KeyValuePair<string, object?>> members) return;
                foreach (var (name, value) in members)
                {
                    if (name == ScheduleScope.Member) into.Id = value as string;
                }
            },
            found);
        return found.Id;
    }

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var character in text)
        {
            if (character == '\n') line.Append("\\n");
            else if (character == '\r') line.Append("\\r");
            else if (Steers(character)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else line.Append(character);
        }
    }

    private static bool Steers(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private sealed class Found
    {
        public string? Id { get; set; }
    }
}

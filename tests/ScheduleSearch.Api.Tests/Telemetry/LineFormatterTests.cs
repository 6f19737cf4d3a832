using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ScheduleSearch.Api.Telemetry;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Telemetry;

public sealed class LineFormatterTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    [Fact]
    public void A_line_says_when_how_grave_where_and_what() =>
        Written(LogLevel.Warning, "The child died.").ShouldBe("2026-02-03T04:05:06.789Z warn: Jobs The child died.\n");

    [Fact]
    public void A_line_names_the_innermost_schedule()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var outer = scopes.Push(new Dictionary<string, object?> { [ScheduleScope.Member] = "aa" });
        using var inner = scopes.Push(new Dictionary<string, object?> { [ScheduleScope.Member] = "bb" });
        using var other = scopes.Push(new Dictionary<string, object?> { ["RequestPath"] = "/x\nforged" });
        Written(LogLevel.Error, "It failed.", scopes: scopes).ShouldBe("2026-02-03T04:05:06.789Z fail: Jobs [bb] It failed.\n");
    }

    [Theory]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("a\r\nb", @"a\r\nb")]
    [InlineData("a\u001b[2Kb", @"a\u001b[2Kb")]
    [InlineData("a\u0085b\u2028c\u2029d\u000be", @"a\u0085b\u2028c\u2029d\u000be")]
    [InlineData("a\u202eb\0", @"a\u202eb\u0000")]
    [InlineData("größer ✓", "größer ✓")]
    public void No_text_begins_another_line_or_steers_a_terminal(string text, string escaped) =>
        Written(LogLevel.Information, text).ShouldBe($"2026-02-03T04:05:06.789Z info: Jobs {escaped}\n");

    [Fact]
    public void An_exception_stays_on_its_line()
    {
        var written = Written(LogLevel.Error, "It failed.", new InvalidDataException("first\r\n2026-02-03T04:05:06.789Z info: forged"));
        written.ShouldEndWith("\n");
        written.TrimEnd('\n').ShouldNotContain('\n');
        written.ShouldContain(@"It failed. System.IO.InvalidDataException: first\r\n2026");
    }

    private static string Written(LogLevel level, string message, Exception? exception = null, IExternalScopeProvider? scopes = null)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<string>(level, "Jobs", default, message, exception, (state, _) => state);
        new LineFormatter(new FakeTimeProvider(Now)).Write(entry, scopes, writer);
        return writer.ToString();
    }
}

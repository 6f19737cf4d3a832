using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Access;

public sealed class AuditTests
{
    [Fact]
    public async Task Each_solve_and_cancel_leaves_a_line_that_says_who_and_what_came_of_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(
            database, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync }, ("Logging:LogLevel:ScheduleSearch.Audit", "Information"));
        using var lines = new Lines();
        service.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        var (keyId, key) = await service.KeyAsync(quotas: new Quotas(null, 1, null));
        var solved = await service.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 60), key, ("Prefer", "respond-async"));
        var id = solved["id"]!.GetValue<string>();
        (await service.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 60), key)).Status.ShouldBe(429);
        (await service.SendAsync(HttpMethod.Delete, $"/schedules/{id}", null, key)).Status.ShouldBe(200);
        (await service.SendAsync(HttpMethod.Delete, "/schedules/no%0Aforged line", null, key)).Status.ShouldBe(404);
        await service.GetAsync($"/schedules/{id}", key);

        var (written, secret) = (lines.Written.ToList(), key.Value["Bearer ".Length..]);
        written.Count.ShouldBe(4, string.Join('\n', written));
        written.ShouldAllBe(line => line.Contains($"by {keyId} from 127.0.0.1: ") && !line.Contains('\n') && !line.Contains(secret));
        written[0].ShouldStartWith($"solve {id} ");
        written[1].ShouldContain("refused, The quota ConcurrentSolves");
        written[2].ShouldStartWith($"cancel {id} ");
        written[3].ShouldStartWith("cancel no\\u000aforged line ");
    }

    [Theory]
    [InlineData("plain text, with é and 漢", "plain text, with é and 漢")]
    [InlineData("two\r\nlines\u2028three\u0085", "two\\u000d\\u000alines\\u2028three\\u0085")]
    [InlineData("\u001b[31m \u202egnp\\n", "\\u001b[31m \\u202egnp\\u005cn")]
    public void Text_of_users_stays_on_its_line(string text, string escaped) => LogText.Escape(text).ShouldBe(escaped);

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName == AuditLog.Category ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Telemetry;

public sealed class TraceTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_spans_of_a_solve_go_where_the_environment_says_in_the_trace_of_its_request()
    {
        var received = new ConcurrentQueue<string>();
        await using var collector = await CollectorAsync(received);
        using var service = await ServiceProcess.StartAsync(
            _folder,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/schedules/solve")
        {
            Content = TestService.Json(Encoding.UTF8.GetBytes(Requests.Open().ToJsonString())),
        };
        request.Headers.Add("Prefer", "respond-async");
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        var id = (await Answer.OfAsync(await service.Http.SendAsync(request)))["id"]!.GetValue<string>();
        await service.SearchingChildAsync();
        (await service.Http.DeleteAsync($"/schedules/{id}")).Dispose();

        string[] spans = ["POST /schedules/solve", "attempt", "quick pass", "search", "solver child"];
        for (var clock = Stopwatch.StartNew(); !spans.All(span => received.Any(batch => IsInTrace(batch, span))); await Task.Delay(50))
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), string.Join('\n', received));
        received.ShouldContain(batch => batch.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_makes_spans_unless_the_environment_says_where_they_go()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        service.Services.GetService<TracerProvider>().ShouldBeNull();
    }

    /// <summary>Whether a batch has a span of a name whose trace is ours: in its bytes the trace stands right before the name.</summary>
    private static bool IsInTrace(string batch, string span)
    {
        var trace = "\n\u0010" + Encoding.Latin1.GetString(Convert.FromHexString(Trace));
        for (var at = -1; (at = batch.IndexOf($"\u002a{(char)span.Length}{span}", at + 1, StringComparison.Ordinal)) >= 0;)
        {
            var before = batch.LastIndexOf(trace, at, StringComparison.Ordinal);
            if (before >= 0 && at - before < 64) return true;
        }

        return false;
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = builder.Build();
        collector.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        collector.MapPost("/v1/metrics", () => { });
        await collector.StartAsync();
        return collector;
    }
}

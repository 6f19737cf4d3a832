using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>Somebody's server that is told when searches end. It keeps what it is sent and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication app) => _app = app;

    public IReadOnlyList<Received> All => [.. _received];

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Starts one.</summary>
    /// <param name="answer">What it answers to a message, by its number from 1 on; 200 at first.</param>
    /// <param name="port">The port; 0 for one that is free.</param>
    public static async Task<Receiver> StartAsync(Func<int, HttpContext, int>? answer = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            receiver._received.Enqueue(new Received(context.Request.Path, headers, body));
            context.Response.StatusCode = answer?.Invoke(receiver._received.Count, context) ?? StatusCodes.Status200OK;
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until so many messages have come.</summary>
    public async Task<IReadOnlyList<Received>> WaitForAsync(int count)
    {
        for (var attempt = 0; _received.Count < count; attempt++)
        {
            attempt.ShouldBeLessThan(1200, $"{_received.Count} of {count} messages have come");
            await Task.Delay(50);
        }

        return All;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A message as it came.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, string Body);

using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;

namespace ScheduleSearch.Api.Pages;

/// <summary>
/// Asks this service for its first page, which changes nothing: the runtime compiles what a page passes through, and the first reader does not wait for that.
/// Nothing waits for it either: the service is ready when it was before.
/// </summary>
internal sealed class PageWarmUp(IServer server, IOptions<JobSettings> jobs, IHostApplicationLifetime lifetime, ILogger<PageWarmUp> logger)
    : IHostedLifecycleService
{
    private static readonly string[] Needed = ["/", "/_content/MudBlazor/MudBlazor.min.css", "/page/page.css", "/_framework/blazor.web.js"];

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (jobs.Value.IsApi && OwnAddress.Of(server) is { } address)
            _ = Task.Run(() => AskAsync(address, lifetime.ApplicationStopping), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AskAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
            // As browsers ask.
            http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, deflate, br, zstd");
            foreach (var path in Needed) (await http.GetAsync(path, cancellation)).Dispose();
        }
        catch (Exception exception)
        {
            // Whatever it is, the first reader waits a little, or is told what is wrong.
            logger.LogDebug(exception, "The pages could not be warmed up.");
        }
    }
}

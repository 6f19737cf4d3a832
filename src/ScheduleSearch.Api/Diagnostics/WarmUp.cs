using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>
/// Rehearses what the first requests and searches ask of the database, and sends this service the first requests of its life, none of which changes
/// anything: the runtime compiles what they pass through, which takes longer than answering should, and after a restart no client waits for it.
/// </summary>
internal sealed class WarmUp(
    IServer server, StorageStartup storage, Rehearsal rehearsal, TrustedSchedules schedules, ScheduleStore store, OwnKey own, TimeProvider time,
    ILogger<WarmUp> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        using var expired = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expired.Token);
        try
        {
            // On a busy machine the schema may come later than the service, and half of it is worse than none.
            await storage.Ready.WaitAsync(patience.Token);
            if (await rehearsal.RunAsync(patience.Token) is { } stored) await AnswerAsync(stored, patience.Token);
            if (OwnAddress.Of(server) is { } address) await SendAsync(address, patience.Token);
        }
        catch (Exception exception)
        {
            // Whatever it is, the service starts: the first clients wait a little, or are told what is wrong.
            logger.LogDebug(exception, "The service could not be warmed up.");
        }
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

    private async Task AnswerAsync(StoredSchedule stored, CancellationToken cancellation)
    {
        var view = await schedules.ViewAsync(stored, cancellation);
        var nobody = new DefaultHttpContext { RequestAborted = cancellation, Response = { Body = Stream.Null } };
        await new ScheduleDocument(view, view.Status, cached: false).ExecuteAsync(nobody);
    }

    private async Task SendAsync(Uri address, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(KeyAuthentication.SchemeName, own.Text);
        await VerifyAsync(http, cancellation);
        await AskAgainAsync(http, cancellation);
    }

    private static async Task VerifyAsync(HttpClient http, CancellationToken cancellation)
    {
        var body = Examples.All[0].Request.DeepClone();
        body["devices"] = new JsonArray();
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/schedules/verify", content, cancellation);
    }

    /// <summary>An optimal result answers from the table, so that asking for it again starts nothing.</summary>
    private async Task AskAgainAsync(HttpClient http, CancellationToken cancellation)
    {
        using var list = await http.GetAsync($"/schedules?pageSize=1&status={ScheduleStatus.Optimal}", cancellation);
        if (!list.IsSuccessStatusCode) return;
        var newest = JsonNode.Parse(await list.Content.ReadAsStreamAsync(cancellation))?["items"]?.AsArray().FirstOrDefault();
        if (newest?["id"]?.GetValue<string>() is not { } id || await store.FindAsync(id, cancellation) is not { } stored) return;
        (await http.GetAsync($"/schedules/{id}", cancellation)).Dispose();
        using var content = new StringContent(stored.Request, Encoding.UTF8, "application/json");
        (await http.PostAsync("/schedules/solve", content, cancellation)).Dispose();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using ScheduleSearch.Api.Batches;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Sweeps;

namespace ScheduleSearch.Api.Pages.Sweeping;

/// <summary>The page on which a sweep is written and followed; the id of the sweep stands in its URL.</summary>
public sealed partial class SweepPage : IDisposable
{
    private const string Running = BatchStatus.Running;
    private const int MostValue = 60;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private string _json = SweepExamples.Sweep().ToJsonString(Indented);
    private SweepAnswer? _sweep;
    private MarkupString _chart;
    private string? _fault;
    private string? _followed;
    private bool _isSending;

    /// <summary>The id of the sweep that is shown; null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_followed == Id) return;
        (_followed, _sweep) = (Id, null);
        if (Id is { } id) await FollowAsync(id, _left.Token);
    }

    private static string Short(JsonElement value) => value.GetRawText() is var text && text.Length > MostValue ? text[..MostValue] + "…" : text;

    /// <summary>Shows the sweep again and again until it is done, or the reader leaves it.</summary>
    private async Task FollowAsync(string id, CancellationToken left)
    {
        try
        {
            while (_followed == id && !left.IsCancellationRequested)
            {
                await ReadAsync(id);
                StateHasChanged();
                if (_sweep is not { Status: Running }) return;
                await Task.Delay(Poll, left).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (BrowserFault fault)
        {
            Tell(fault);
            StateHasChanged();
        }
    }

    private async Task ReadAsync(string id)
    {
        var path = $"/sweeps/{Uri.EscapeDataString(id)}";
        _sweep = await Browser.GetAsync<SweepAnswer>(path);
        // What it shows of the request's words is escaped.
        if (await Browser.SendAsync("GET", $"{path}?format=svg") is { IsSuccess: true } drawn) _chart = new MarkupString(drawn.Text);
        _fault = null;
    }

    private async Task SendAsync()
    {
        (_isSending, _fault, _errors) = (true, null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            var sent = await Browser.SendAsync("POST", "/sweeps", _json);
            Navigation.NavigateTo($"/ui/sweeps/{sent.Read<JsonObject>()["id"]}");
        }
        catch (BrowserFault fault)
        {
            Tell(fault);
        }
        finally
        {
            _isSending = false;
        }
    }

    private async Task StopAsync()
    {
        try
        {
            _sweep = (await Browser.SendAsync("DELETE", $"/sweeps/{Uri.EscapeDataString(Id!)}")).Read<SweepAnswer>();
        }
        catch (BrowserFault fault)
        {
            Tell(fault);
        }
    }

    private async Task DownloadAsync(string format)
    {
        try
        {
            await Browser.DownloadAsync($"/sweeps/{Uri.EscapeDataString(Id!)}?format={format}");
        }
        catch (BrowserFault fault)
        {
            Tell(fault);
        }
    }

    private void Tell(BrowserFault fault) => (_fault, _errors) = (fault.Message, fault.Errors);
}

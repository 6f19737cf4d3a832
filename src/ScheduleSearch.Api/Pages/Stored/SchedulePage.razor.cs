using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Pages.Stored;

/// <summary>The page of a schedule: its search while it lasts, its figures, its timeline, and the forms in which it leaves the service.</summary>
public sealed partial class SchedulePage : IAsyncDisposable
{
    private const string EndOfSearch = "end";
    private static readonly TimeSpan LeastBetweenReads = TimeSpan.FromSeconds(1);

    private readonly List<ProgressAnswer> _progress = [];
    private List<FormatAnswer> _formats = [];
    private ShownSchedule? _shown;
    private DotNetObjectReference<SchedulePage>? _watcher;
    private IJSObjectReference? _watching;
    private string? _fault;
    private string? _read;
    private bool _isWatching;
    private bool _isGone;
    private DateTimeOffset _lastRead;

    /// <summary>The id of the schedule.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private ScheduleAnswer? Answer => _shown?.Answer;

    /// <summary>The page that this schedule stands on beside others: an own order beside what is searched of its problem.</summary>
    private string Comparison => Answer?.OrderOf is { } problem ? $"/ui/compare?ids={problem},{Id}" : $"/ui/compare?ids={Id}";

    private string Title => _shown?.Title ?? "Schedule";

    /// <summary>Takes an event of the search.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its data, as JSON.</param>
    [JSInvokable]
    public async Task OnEvent(string name, string data)
    {
        var progress = JsonSerializer.Deserialize<ProgressAnswer>(data, AnswerJson.Options)!;
        var isBetter = _progress.Count == 0 || progress.Incumbent != _progress[^1].Incumbent;
        _progress.Add(progress);
        if (_shown is not null) _shown = _shown with { Answer = _shown.Answer with { Status = progress.Status } };
        if (name == EndOfSearch) _isWatching = false;
        if (!_isWatching || (isBetter && Time.GetUtcNow() - _lastRead > LeastBetweenReads)) await ReadAsync();
        await InvokeAsync(StateHasChanged);
    }

    /// <summary>The stream of events is over: the search has ended, or the service stops.</summary>
    [JSInvokable]
    public async Task OnEnd()
    {
        if (!_isWatching) return;
        _isWatching = false;
        await ReadAsync();
        await InvokeAsync(StateHasChanged);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isGone = true;
        await StopWatchingAsync();
        _watcher?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_read == Id) return;
        _read = Id;
        await StopWatchingAsync();
        _progress.Clear();
        _shown = null;
        await ReadAsync();
        // Its reader may have left while it was read.
        if (_shown?.IsUnfinished == true && !_isGone)
        {
            _isWatching = true;
            _watcher ??= DotNetObjectReference.Create(this);
            _watching = await Browser.WatchAsync($"/schedules/{Id}/events", _watcher);
            if (_isGone) await StopWatchingAsync();
        }

        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        _lastRead = Time.GetUtcNow();
        try
        {
            var before = Answer?.Revision;
            _shown = _shown is null ? await ShownSchedule.ReadAsync(Browser, Id) : await _shown.RereadAsync(Browser);
            _fault = Answer!.Problem?.Detail;
            if (!_shown.IsUnfinished && Answer.Revision is { } revision && (_formats.Count == 0 || revision != before))
                _formats = await Browser.GetAsync<List<FormatAnswer>>($"/schedules/{Id}/formats");
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }
    }

    private async Task StopAsync()
    {
        try
        {
            await Browser.SendAsync("DELETE", $"/schedules/{Id}");
            await ReadAsync();
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }
    }

    private async Task StopWatchingAsync()
    {
        _isWatching = false;
        if (_watching is null) return;
        try
        {
            await _watching.InvokeVoidAsync("stop");
            await _watching.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its stream with it.
        }

        _watching = null;
    }

    private async Task DownloadAsync(string path)
    {
        try
        {
            await Browser.DownloadAsync(path);
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }
    }

    private async Task OpenInPerfettoAsync()
    {
        try
        {
            await Browser.OpenInPerfettoAsync(Of("trace.json"), Title);
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }
    }

    /// <summary>The path of a form of the schedule that is shown, whatever the search finds meanwhile.</summary>
    private string Of(string form) => $"/schedules/{Id}/{form}?revision={Answer?.Revision}";

    private List<ChartSeries<double>> Curves() =>
    [
        CurveOf("best so far", progress => progress.Incumbent),
        CurveOf("proved lower bound", progress => progress.Bound),
    ];

    private ChartSeries<double> CurveOf(string name, Func<ProgressAnswer, decimal?> value) =>
        new() { Name = name, Data = new ChartData<double>([.. Shown().Select(progress => (double)(value(progress) ?? 0))]) };

    private string[] Moments() => [.. Shown().Select(progress => progress.Elapsed.ToString("0.0", CultureInfo.InvariantCulture))];

    /// <summary>What the curves show: from the first schedule on.</summary>
    private IEnumerable<ProgressAnswer> Shown() => _progress.Where(progress => progress is { Incumbent: not null, Bound: not null });

    private static Color ColourOf(string status) => status switch
    {
        ScheduleStatus.Optimal => Color.Success,
        ScheduleStatus.Failed => Color.Error,
        ScheduleStatus.Queued or ScheduleStatus.Running => Color.Info,
        _ => Color.Default,
    };
}

using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ScheduleSearch.Api.Pages.Browser;

namespace ScheduleSearch.Api.Pages.Timeline;

/// <summary>
/// Shows the timelines of schedules below each other on one time axis. The reader's browser fetches and draws them (<c>timeline.js</c>).
/// </summary>
public partial class TimelineView
{
    private const string Module = "./page/timeline.js";
    private const double ZoomStep = 1.5;

    private ElementReference _host;
    private IJSObjectReference? _module;
    private IJSObjectReference? _timelines;
    private DotNetObjectReference<TimelineView>? _self;
    private IReadOnlyList<TimelineSchedule> _shown = [];
    private TimelineState _state = null!;
    private string? _fault;
    private bool _hasMemory;
    private bool _isGone;
    private int _microbatches = 1;

    /// <summary>The schedules, from the first row on.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TimelineSchedule> Schedules { get; set; } = [];

    /// <summary>The most that the picture takes, in CSS pixels. Rows that have no room in it are scrolled to.</summary>
    [Parameter]
    public int Height { get; set; } = 600;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Scripts { get; set; } = null!;

    /// <summary>Tells of what was read.</summary>
    /// <param name="hasMemory">Whether any schedule says what its operations hold.</param>
    /// <param name="microbatches">The most microbatches that a schedule has.</param>
    [JSInvokable]
    public void OnRead(bool hasMemory, int microbatches)
    {
        (_hasMemory, _microbatches) = (hasMemory, microbatches);
        StateHasChanged();
    }

    /// <summary>Puts what is shown into the URL.</summary>
    [JSInvokable]
    public void OnState(TimelineState state)
    {
        _state = state;
        Navigation.NavigateTo(state.UriIn(Navigation), replace: true);
        StateHasChanged();
    }

    /// <summary>Tells the reader why there is nothing to see.</summary>
    /// <param name="status">The HTTP status; 0 when there was no answer.</param>
    /// <param name="problem">What the service said.</param>
    [JSInvokable]
    public async Task OnFault(int status, string problem)
    {
        _fault = BrowserFault.Of(problem).Message;
        StateHasChanged();
        if (status == StatusCodes.Status401Unauthorized && Browser.KeyMissing is { } ask) await ask();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isGone = true;
        try
        {
            await ClearAsync();
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and the picture with it.
        }

        _self?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => _state = TimelineState.Of(Navigation.Uri);

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown.SequenceEqual(Schedules)) return;
        _shown = [.. Schedules];
        _self ??= DotNetObjectReference.Create(this);
        _module ??= await Scripts.InvokeAsync<IJSObjectReference>("import", Module);
        await ClearAsync();
        // Its reader may have left while it was loaded, and what it needs is then disposed of.
        if (_isGone)
        {
            await _module.DisposeAsync();
            return;
        }

        _timelines = await _module.InvokeAsync<IJSObjectReference>(
            "create", _host, _shown.Select(schedule => new { schedule.Path, schedule.Label }), _state, _self);
        if (_isGone) await ClearAsync();
    }

    private async Task ShowAsync(TimelineState state)
    {
        _state = state;
        await CallAsync("set", new { state.Microbatch, state.Memory, state.Critical, state.Idle });
    }

    private async Task CallAsync(string name, params object?[] arguments)
    {
        if (_timelines is not null) await _timelines.InvokeVoidAsync(name, arguments);
    }

    private async Task ClearAsync()
    {
        if (_timelines is not { } shown) return;
        _timelines = null;
        await shown.InvokeVoidAsync("dispose");
        await shown.DisposeAsync();
    }
}

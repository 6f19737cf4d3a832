using Microsoft.AspNetCore.Components;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Stored;
using ScheduleSearch.Api.Pages.Timeline;

namespace ScheduleSearch.Api.Pages.Comparing;

/// <summary>The page of several schedules below each other; which ones stands in its URL.</summary>
public sealed partial class ComparePage : IAsyncDisposable
{
    private readonly List<ShownSchedule> _compared = [];
    private readonly List<string> _faults = [];
    private OwnOrder? _own;
    private string _added = "";
    private string? _read;
    private bool _isRead;

    /// <summary>The ids of the schedules, separated by commas, the one that the others are compared with first.</summary>
    [SupplyParameterFromQuery(Name = "ids")]
    private string? Ids { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IEnumerable<ShownSchedule> Rows => _own is null ? _compared : [.. _compared, _own.ShownBeside(_compared[0])];

    private IEnumerable<string> Chosen => (Ids ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_read == (Ids ?? "")) return;
        _read = Ids ?? "";
        var first = _compared.FirstOrDefault()?.Answer.Id;
        _compared.Clear();
        _faults.Clear();
        foreach (var id in Chosen)
        {
            try
            {
                _compared.Add(await ShownSchedule.ReadAsync(Browser, id));
            }
            catch (BrowserFault fault)
            {
                _faults.Add($"{id}: {fault.Message}");
            }
        }

        _isRead = true;
        // Another profile would have it cost something else.
        if (_compared.FirstOrDefault()?.Answer.Id != first) await ShowOwnAsync(null);
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await Browser.ReleaseAsync(_own.Url);
    }

    private IReadOnlyList<TimelineSchedule> Timelines() =>
    [
        .. from row in _compared
           where row.Answer.Revision is not null
           select TimelineSchedule.Stored(row.Answer.Id, row.Title, row.Answer.Revision!),
        .. _own is null ? Array.Empty<TimelineSchedule>() : [_own.Timeline],
    ];

    private bool IsOwn(ShownSchedule row) => row.Answer.Id == _own?.Url;

    private async Task ShowOwnAsync(OwnOrder? own)
    {
        var before = _own;
        _own = own;
        if (before is not null) await Browser.ReleaseAsync(before.Url);
    }

    private async Task ShowStoredAsync(string id)
    {
        await ShowOwnAsync(null);
        Show([.. Chosen, id]);
    }

    private void Add()
    {
        if (!string.IsNullOrWhiteSpace(_added)) Show([.. Chosen, _added.Trim()]);
        _added = "";
    }

    private async Task RemoveAsync(ShownSchedule row)
    {
        if (IsOwn(row)) await ShowOwnAsync(null);
        else Show(Chosen.Where(chosen => !row.Answer.Id.StartsWith(chosen, StringComparison.Ordinal)));
    }

    private void Show(IEnumerable<string> ids) => Navigation.NavigateTo($"/ui/compare?ids={string.Join(',', ids.Select(Uri.EscapeDataString))}");
}

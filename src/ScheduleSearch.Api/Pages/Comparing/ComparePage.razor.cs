using Microsoft.AspNetCore.Components;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Stored;

namespace ScheduleSearch.Api.Pages.Comparing;

/// <summary>The page of several schedules below each other; which ones stands in its URL.</summary>
public sealed partial class ComparePage
{
    private readonly List<ShownSchedule> _compared = [];
    private readonly List<string> _faults = [];
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

    private IEnumerable<string> Chosen => (Ids ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_read == (Ids ?? "")) return;
        _read = Ids ?? "";
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
        StateHasChanged();
    }

    private void Add()
    {
        if (!string.IsNullOrWhiteSpace(_added)) Show([.. Chosen, _added.Trim()]);
        _added = "";
    }

    private void Remove(string id) => Show(Chosen.Where(chosen => chosen != id));

    private void Show(IEnumerable<string> ids) => Navigation.NavigateTo($"/ui/compare?ids={string.Join(',', ids.Select(Uri.EscapeDataString))}");
}

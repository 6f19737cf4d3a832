using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Pages.Stored;

/// <summary>The page of what is stored, newest first; what it shows stands in its URL.</summary>
public sealed partial class HistoryPage
{
    private static readonly string[] Placements = [.. PlacementCatalogue.All.Select(placement => placement.Name), PlacementChoice.Name];
    private static readonly string[] Objectives = [.. Enum.GetValues<Objective>().Select(ProfileJson.NameOf)];
    private static readonly string[] Statuses =
    [
        ScheduleStatus.Queued, ScheduleStatus.Running, ScheduleStatus.Feasible, ScheduleStatus.Optimal, ScheduleStatus.Canceled, ScheduleStatus.Failed,
    ];

    private readonly HashSet<string> _chosen = [];
    private Answers? _page;
    private string? _fault;
    private string? _read;

    [SupplyParameterFromQuery(Name = "name")]
    private string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "devices")]
    private string? Devices { get; set; }

    [SupplyParameterFromQuery(Name = "placement")]
    private string? Placement { get; set; }

    [SupplyParameterFromQuery(Name = "status")]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "objective")]
    private string? Objective { get; set; }

    [SupplyParameterFromQuery(Name = "own")]
    private string? Own { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // The list takes what the page takes.
        var path = QueryHelpers.AddQueryString("/schedules", new Dictionary<string, string?>
        {
            ["name"] = Name,
            ["devices"] = Devices,
            ["placement"] = Placement,
            ["status"] = Status,
            ["objective"] = Objective,
            ["own"] = Own,
            ["page"] = Number,
        }.Where(filter => !string.IsNullOrEmpty(filter.Value)));
        if (_read == path) return;
        _read = path;
        try
        {
            (_page, _fault) = (await Browser.GetAsync<Answers>(path), null);
        }
        catch (BrowserFault fault)
        {
            (_page, _fault) = (null, fault.Message);
        }

        StateHasChanged();
    }

    private void Go(string name, string? value)
    {
        var page = name == "page" ? value : null;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["page"] = page,
            [name] = string.IsNullOrEmpty(value) ? null : value,
        }));
    }

    private void Choose(string id)
    {
        if (!_chosen.Remove(id)) _chosen.Add(id);
    }

    private void Compare() => Navigation.NavigateTo($"/ui/compare?ids={string.Join(',', _chosen)}");

    private sealed record Answers(IReadOnlyList<ScheduleSummary> Items, int Page, int PageSize, int Total);
}

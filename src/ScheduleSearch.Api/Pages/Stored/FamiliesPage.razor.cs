using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Pages.Stored;

/// <summary>The page of a problem's schedule families, the shortest first.</summary>
public sealed partial class FamiliesPage
{
    private const string Family = "family";

    private readonly HashSet<string> _chosen = [];
    private Comparison? _comparison;
    private string? _fault;

    /// <summary>The id of the schedule whose problem it is.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private decimal? Searched => _comparison?.Rows.Where(row => row.Kind != Family).Select(ObjectiveOf).FirstOrDefault();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try
        {
            _comparison = await Browser.GetAsync<Comparison>($"/schedules/{Id}/families");
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }

        StateHasChanged();
    }

    private decimal? ObjectiveOf(ComparisonRow row) => _comparison!.Objective == "span" ? row.Span : row.Makespan;

    private string WidthOf(ComparisonRow row)
    {
        var longest = _comparison!.Rows.Max(ObjectiveOf);
        return ((double)(100 * (ObjectiveOf(row) ?? 0) / (longest is null or 0 ? 1 : longest.Value))).ToString("0.#", CultureInfo.InvariantCulture);
    }

    private void Choose(string name)
    {
        if (!_chosen.Remove(name)) _chosen.Add(name);
    }

    /// <summary>Has each family that was chosen answered by its name, and shows them beside the schedule.</summary>
    private async Task CompareAsync()
    {
        try
        {
            var ids = new List<string> { Id };
            var profileId = (await Browser.GetAsync<ScheduleAnswer>($"/schedules/{Id}/figures")).ProfileId;
            var request = await Browser.GetAsync<JsonObject>($"/schedules/{profileId}/request");
            foreach (var name in _chosen.Order())
            {
                var asked = request.DeepClone().AsObject();
                if (asked["options"] is not JsonObject options) asked["options"] = options = [];
                options["family"] = name;
                ids.Add((string)(await Browser.SendAsync("POST", "/schedules/solve", asked.ToJsonString())).Read<JsonObject>()["id"]!);
            }

            Navigation.NavigateTo($"/ui/compare?ids={string.Join(',', ids)}");
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }
    }
}

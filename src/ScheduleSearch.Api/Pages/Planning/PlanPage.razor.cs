using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Forms;
using ScheduleSearch.Api.Pages.Stored;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Layers.Layouts;

namespace ScheduleSearch.Api.Pages.Planning;

/// <summary>The page on which layers are dealt out to stages; the id of the schedule stands in its URL.</summary>
public sealed partial class PlanPage : IDisposable
{
    private const long MostBytes = 16 << 20;
    private const string LayersExample = "layers";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly CancellationTokenSource _left = new();
    private readonly WrittenRequest _request = new(new RequestDraft("schedules/solve", "profile"));
    private readonly List<ShownLayout> _layouts = [];
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private IReadOnlyList<StageLayersAnswer> _stages = [];
    private ShownSchedule? _shown;
    private string? _fault;
    private string? _followed;
    private bool _isRead;
    private bool _isSending;

    /// <summary>The id of the schedule whose split is shown; null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>The id of the stored schedule to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    /// <summary>The request to start from, as <see cref="RequestInUrl"/> writes it.</summary>
    [SupplyParameterFromQuery(Name = RequestInUrl.Name)]
    private string? Carried { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>The layers of each stage in the even split on the placement that leads.</summary>
    private IReadOnlyList<int> EvenSplit => LayersFeature.EvenSplit(_stages.Sum(stage => stage.Count), Math.Max(1, _stages.Count));

    /// <summary>What was reached with the even split on the placement that leads; null where that is no alternative.</summary>
    private AlternativeAnswer? Even => _shown?.Answer is { Alternatives: { } alternatives } answer
        ? alternatives.FirstOrDefault(row => row.Placement == answer.Placement && row.Chunks == answer.Chunks && row.With is { } with
            && LayersFeature.SplitOf(with).SequenceEqual(EvenSplit))
        : null;

    private decimal? EvenObjective => Even is { } even ? _shown!.Answer.Objective == "span" ? even.Span : even.Makespan : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() =>
        _request.Take(RequestInUrl.Read(Carried) ?? Examples.All.First(example => example.Name == LayersExample).Request.ToJsonString());

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (From is { } from && Id is null && !_isRead)
        {
            _isRead = true;
            await TryAsync(async () => _request.Take((await Browser.GetAsync<JsonNode>($"/schedules/{Uri.EscapeDataString(from)}/request")).ToJsonString()));
            StateHasChanged();
        }

        if (_followed == Id) return;
        (_followed, _shown, _isRead) = (Id, null, false);
        _layouts.Clear();
        if (Id is { } id) await TryAsync(() => FollowAsync(id, _left.Token));
        StateHasChanged();
    }

    /// <summary>Shows the plan again and again until its search has ended, or the reader leaves it.</summary>
    private async Task FollowAsync(string id, CancellationToken left)
    {
        await foreach (var shown in ShownSchedule.FollowAsync(Browser, id, left))
        {
            if (_followed != id) return;
            var before = _shown?.Answer.Leader;
            _shown = shown;
            if (shown.Answer.Leader is { } leader && leader != before) await ReadLayoutsAsync(id);
            _fault = shown.Answer.Problem?.Detail;
            StateHasChanged();
        }
    }

    /// <summary>Reads the layers of each stage, and the settings by which each runtime is told of them.</summary>
    private async Task ReadLayoutsAsync(string id)
    {
        var layouts = new List<ShownLayout>();
        foreach (var format in LayoutCatalogue.All)
        {
            var answer = await Browser.SendAsync("GET", $"/schedules/{Uri.EscapeDataString(id)}/layout?format={format.Name}");
            if (answer.Status == StatusCodes.Status422UnprocessableEntity && _stages.Count > 0)
            {
                layouts.Add(new ShownLayout(format.Name, format.Description, null, BrowserFault.Of(answer.Text).Message));
                continue;
            }

            var layout = answer.Read<LayoutAnswer>();
            _stages = layout.Stages;
            layouts.Add(new ShownLayout(format.Name, format.Description, layout.Settings.ToJsonString(Indented), null));
        }

        _layouts.Clear();
        _layouts.AddRange(layouts);
    }

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        using var reader = new StreamReader(chosen.File.OpenReadStream(MostBytes));
        _request.Json = await reader.ReadToEndAsync();
    }

    private async Task SendAsync()
    {
        // What is no JSON is sent as it is: the service says what is wrong with it.
        var json = _request.Sent;
        if (_request.Unreadable is null && JsonNode.Parse(json)!["profile"]?["layers"] is null)
        {
            _fault = "The profile has no layers to deal out: state profile.layers, or have a model's layers estimated.";
            return;
        }

        _isSending = true;
        await TryAsync(async () =>
        {
            var answer = await Browser.SendAsync("POST", "/schedules/solve", json, "respond-async");
            Navigation.NavigateTo($"/ui/plan/{answer.Read<JsonObject>()["id"]}");
        });
        _isSending = false;
    }

    /// <summary>Does something, and tells of what goes wrong.</summary>
    private async Task TryAsync(Func<Task> action)
    {
        (_fault, _errors) = (null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            await action();
        }
        catch (BrowserFault fault)
        {
            (_fault, _errors) = (fault.Message, fault.Errors);
        }
    }
}

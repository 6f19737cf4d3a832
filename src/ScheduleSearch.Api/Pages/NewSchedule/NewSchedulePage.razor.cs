using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Pages.NewSchedule;

/// <summary>The page on which a request is written and sent.</summary>
public sealed partial class NewSchedulePage
{
    private const long MostBytes = 16 << 20;

    private readonly RequestDraft _draft = new();
    private IReadOnlyList<FormSection> _sections = [];
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private string? _example;
    private string? _text;
    private string? _unreadable;
    private string? _fault;
    private bool _isSending;

    /// <summary>The name of the example to start from.</summary>
    [SupplyParameterFromQuery(Name = "example")]
    private string? Example { get; set; }

    /// <summary>The id of the stored schedule to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    /// <summary>The request as its reader writes it, which may be no JSON for a while.</summary>
    private string Json
    {
        get => _text ?? _draft.Json;
        set
        {
            _unreadable = _draft.Read(value);
            _text = value;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        // Before anything is waited for: what is read of a stored schedule meanwhile must stand above the example.
        var example = Examples.All.FirstOrDefault(example => example.Name == Example) ?? Examples.All[0];
        _example = From is null ? example.Name : null;
        _draft.Read(example.Request.ToJsonString());
        _sections = await Form.SectionsAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || From is null) return;
        try
        {
            Show((await Browser.GetAsync<JsonNode>($"/schedules/{Uri.EscapeDataString(From)}/request")).ToJsonString());
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }

        StateHasChanged();
    }

    private void UseExample(string name)
    {
        _example = name;
        Show(Examples.All.First(example => example.Name == name).Request.ToJsonString());
    }

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        using var reader = new StreamReader(chosen.File.OpenReadStream(MostBytes));
        var text = await reader.ReadToEndAsync();
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            Show(text);
            return;
        }

        _text = null;
        (_fault, _errors) = (StageTable.Read(text, _draft, _sections), new Dictionary<string, IReadOnlyList<string>>());
    }

    private void Show(string json)
    {
        (_text, _fault, _errors) = (null, null, new Dictionary<string, IReadOnlyList<string>>());
        _unreadable = _draft.Read(json);
        if (_unreadable is not null) _text = json;
    }

    private async Task SearchAsync()
    {
        (_isSending, _fault, _errors) = (true, null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            // What is no JSON is sent as it is: the service says what is wrong with it.
            var answer = await Browser.SendAsync("POST", "/schedules/solve", Json, "respond-async");
            Navigation.NavigateTo($"/ui/schedules/{answer.Read<JsonObject>()["id"]}");
        }
        catch (BrowserFault fault)
        {
            (_fault, _errors) = (fault.Message, fault.Errors);
        }
        finally
        {
            _isSending = false;
        }
    }

    private void Set(FormField field, string? text)
    {
        _text = null;
        _draft.Set(field, text);
    }

    private bool IsUsed(FormSection section) => section.Fields.Any(field => _draft[field.Path].Length > 0);

    /// <summary>The member that a path of the request lies in.</summary>
    private FormField? FieldOf(string path) => _sections.SelectMany(section => section.Fields)
        .FirstOrDefault(field => path[(path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0)..] is var inner
            && inner.StartsWith(field.Path, StringComparison.Ordinal) && (inner.Length == field.Path.Length || inner[field.Path.Length] is '.' or '['));

    private string? ErrorOf(FormField field) =>
        _errors.Where(error => FieldOf(error.Key) == field).Select(error => string.Join(" ", error.Value)).FirstOrDefault();

    /// <summary>What stands after an amount: the unit that is chosen for its section.</summary>
    private string? UnitOf(FormSection section, FormField field) =>
        section.Unit is { } unit && field.Kind == FieldKind.Values ? _draft[unit.Path] is { Length: > 0 } chosen ? chosen : unit.Example : null;

    private RenderFragment FieldFor(FormSection section, FormField field) => field.Kind is FieldKind.Choice or FieldKind.Flag
        ? ChoiceFor(field, field.Kind == FieldKind.Flag ? ["true", "false"] : field.Choices)
        : TextFor(field, UnitOf(section, field));
}

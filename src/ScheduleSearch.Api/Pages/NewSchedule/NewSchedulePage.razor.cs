using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Forms;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Pages.NewSchedule;

/// <summary>The page on which a request is written and sent.</summary>
public sealed partial class NewSchedulePage
{
    private const long MostBytes = 16 << 20;

    private static readonly string[] Opened = ["profile", "profile.memory", "options"];

    private readonly WrittenRequest _request = new(new RequestDraft("schedules/solve", "profile"));
    private IReadOnlyList<FormSection> _sections = [];
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private string? _example;
    private string? _fault;
    private bool _isSending;

    /// <summary>The name of the example to start from.</summary>
    [SupplyParameterFromQuery(Name = "example")]
    private string? Example { get; set; }

    /// <summary>The id of the stored schedule to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    /// <summary>The request to start from, as <see cref="RequestInUrl"/> writes it.</summary>
    [SupplyParameterFromQuery(Name = RequestInUrl.Name)]
    private string? Carried { get; set; }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        // Before anything is waited for: what is read of a stored schedule meanwhile must stand above the example.
        var example = Examples.All.FirstOrDefault(example => example.Name == Example) ?? Examples.All[0];
        var carried = RequestInUrl.Read(Carried);
        _example = From is null && carried is null ? example.Name : null;
        _request.Take(carried ?? example.Request.ToJsonString());
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

        _request.Follow();
        (_fault, _errors) = (StageTable.Read(text, _request.Draft, _sections), new Dictionary<string, IReadOnlyList<string>>());
    }

    private void Show(string json)
    {
        (_fault, _errors) = (null, new Dictionary<string, IReadOnlyList<string>>());
        _request.Take(json);
    }

    private async Task SearchAsync()
    {
        (_isSending, _fault, _errors) = (true, null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            // What is no JSON is sent as it is: the service says what is wrong with it.
            var answer = await Browser.SendAsync("POST", "/schedules/solve", _request.Json, "respond-async");
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
}

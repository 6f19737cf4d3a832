using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using ScheduleSearch.Api.Evaluations;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Forms;

namespace ScheduleSearch.Api.Pages.Evaluating;

/// <summary>
/// The page on which a schedule is replayed with durations that vary. Nothing is stored: what is asked stands in its URL, but for measured durations, which
/// are too long for one.
/// </summary>
public sealed partial class EvaluatePage
{
    private const long MostBytes = 16 << 20;
    private const string Noise = "noise", Samples = "samples";

    private static readonly string[] Opened = ["", Noise];

    private WrittenRequest _request = null!;
    private IReadOnlyList<FormSection> _fields = [];
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private ShownEvaluation? _evaluation;
    private JsonObject? _samples;
    private string? _fault;
    private bool _isSending;

    /// <summary>The id of the schedule.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>What is asked, as <see cref="RequestInUrl"/> writes it.</summary>
    [SupplyParameterFromQuery(Name = RequestInUrl.Name)]
    private string? Asked { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private RequestForm Form { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string PathOfRequest => $"/schedules/{Uri.EscapeDataString(Id)}/evaluate";

    /// <summary>Of how many microbatches there are measured durations.</summary>
    private int Sampled => _samples!.Select(list => list.Value).OfType<JsonArray>().Select(stages => (stages.FirstOrDefault() as JsonArray)?.Count ?? 0).Max();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _request = new WrittenRequest(new RequestDraft(PathOfRequest[1..]));
        _request.Take(RequestInUrl.Read(Asked) ?? EvaluationExample.Request().ToJsonString());
        // Measured durations have a place of their own.
        _fields = [.. (await Form.EvaluationAsync()).Where(section => section.Title != Samples)];
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || Asked is null) return;
        await SendAsync();
        StateHasChanged();
    }

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        using var reader = new StreamReader(chosen.File.OpenReadStream(MostBytes));
        _fault = null;
        try
        {
            var root = JsonNode.Parse(await reader.ReadToEndAsync()) as JsonObject;
            _samples = ((root?[Noise] as JsonObject)?[Samples] ?? root?[Samples]) as JsonObject;
            if (_samples?.Count is null or 0) (_samples, _fault) = (null, "The file has no samples: it must have noise.samples, or samples.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            _fault = "The file is no JSON.";
        }
    }

    private async Task SendAsync()
    {
        (_isSending, _fault, _errors) = (true, null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            // What is no JSON is sent as it is: the service says what is wrong with it.
            _evaluation = new ShownEvaluation((await Browser.SendAsync("POST", PathOfRequest, WithSamples(_request.Json))).Read<EvaluationAnswer>());
            Navigation.NavigateTo(RequestInUrl.Of($"/ui{PathOfRequest}", JsonNode.Parse(_request.Json)!), replace: true);
        }
        catch (BrowserFault fault)
        {
            (_evaluation, _fault, _errors) = (null, fault.Message, fault.Errors);
        }
        finally
        {
            _isSending = false;
        }
    }

    private string WithSamples(string json)
    {
        if (_samples is null || _request.Unreadable is not null) return json;
        var request = JsonNode.Parse(json)!.AsObject();
        if (request[Noise] is not JsonObject noise) request[Noise] = noise = [];
        noise[Samples] = _samples.DeepClone();
        return request.ToJsonString();
    }
}

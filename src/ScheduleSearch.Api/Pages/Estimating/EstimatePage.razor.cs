using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using ScheduleSearch.Api.Estimates;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Forms;
using ScheduleSearch.Core.Estimates;

namespace ScheduleSearch.Api.Pages.Estimating;

/// <summary>The page on which a profile of layers is estimated. Nothing is stored: what is asked stands in its URL, where it is not too long for one.</summary>
public sealed partial class EstimatePage
{
    private const long MostBytes = 1 << 20;
    private const string Member = "config";

    private static readonly string[] Opened = ["", "pipeline"];

    private readonly WrittenRequest _request = new(new RequestDraft("profiles/estimate"));
    private IReadOnlyList<FormSection> _fields = [];
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private FormField? _configuration;
    private EstimateAnswer? _answer;
    private string? _configurationText;
    private string? _fault;
    private bool _isSending;

    /// <summary>What is asked, as <see cref="RequestInUrl"/> writes it.</summary>
    [SupplyParameterFromQuery(Name = RequestInUrl.Name)]
    private string? Asked { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private RequestForm Form { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>The model's configuration as its reader writes it, which may be no JSON for a while.</summary>
    private string Configuration
    {
        get => _configurationText ?? _request.Draft[Member];
        set
        {
            _configurationText = value;
            _request.Follow();
            if (_configuration is { } member) _request.Draft.Set(member, value);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _request.Take(RequestInUrl.Read(Asked) ?? EstimateExample.Request().ToJsonString());
        var sections = await Form.EstimateAsync();
        _configuration = FormSection.FieldOf(sections, Member);
        // It has a place of its own.
        _fields = [.. sections.Select(section => section with { Fields = [.. section.Fields.Where(field => field != _configuration)] })];
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || Asked is null) return;
        await SendAsync();
        StateHasChanged();
    }

    private static IEnumerable<(string Number, string Formula)> FormulasOf(LayerEstimate layer) =>
        JsonSerializer.SerializeToNode(layer.Formulas, AnswerJson.Options)!.AsObject().Select(formula => (formula.Key, formula.Value!.GetValue<string>()));

    private string ShareOf(decimal amount) =>
        Math.Min(100, 100 * (double)amount / _answer!.Device.Memory).ToString("0.#", CultureInfo.InvariantCulture);

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        using var reader = new StreamReader(chosen.File.OpenReadStream(MostBytes));
        Configuration = await reader.ReadToEndAsync();
    }

    private async Task SendAsync()
    {
        (_isSending, _fault, _errors) = (true, null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            // What is no JSON is sent as it is: the service says what is wrong with it.
            _answer = (await Browser.SendAsync("POST", "/profiles/estimate", _request.Json)).Read<EstimateAnswer>();
            Navigation.NavigateTo(RequestInUrl.Of("/ui/estimate", JsonNode.Parse(_request.Json)!), replace: true);
        }
        catch (BrowserFault fault)
        {
            (_answer, _fault, _errors) = (null, fault.Message, fault.Errors);
        }
        finally
        {
            _isSending = false;
        }
    }

    /// <summary>Has the profile stand on another page, to be searched there.</summary>
    private void CarryTo(string page) =>
        Navigation.NavigateTo(RequestInUrl.Of(page, new JsonObject { ["profile"] = _answer!.Profile.DeepClone() }));
}

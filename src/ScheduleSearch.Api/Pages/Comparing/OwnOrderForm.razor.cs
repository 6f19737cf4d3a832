using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Pages.Comparing;

/// <summary>Has an order of the reader's own replayed with the profile of a stored schedule.</summary>
public sealed partial class OwnOrderForm
{
    private const string Verify = "/schedules/verify";
    private const string Member = "csv";

    private ElementReference _text;
    private ElementReference _file;
    private IReadOnlyList<Violation> _violations = [];
    private string? _fault;
    private bool _isSending;

    /// <summary>The id of the schedule whose profile the order is replayed with.</summary>
    [Parameter, EditorRequired]
    public string ProfileOf { get; set; } = "";

    /// <summary>Gets each order that keeps the rules.</summary>
    [Parameter, EditorRequired]
    public EventCallback<OwnOrder> OnReplayed { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await Browser.FillFromAsync(_file, _text);
    }

    private async Task ReplayAsync()
    {
        var asked = ProfileOf;
        (_isSending, _fault, _violations) = (true, null, []);
        try
        {
            var request = await Browser.GetAsync<JsonObject>($"/schedules/{Uri.EscapeDataString(asked)}/request");
            var verification = (await Browser.SendTextAsync(Verify, request, Member, _text)).Read<Verification>();
            _violations = verification.Violations;
            if (!verification.Valid) return;
            var url = await Browser.SendTextAndKeepAsync($"{Verify}?format=timeline", request, Member, _text);
            // Meanwhile another schedule may have come first, with whose profile the order costs something else.
            if (ProfileOf == asked) await OnReplayed.InvokeAsync(new OwnOrder(verification, url));
            else await Browser.ReleaseAsync(url);
        }
        catch (BrowserFault fault)
        {
            _fault = fault.Message;
        }
        finally
        {
            _isSending = false;
        }
    }
}

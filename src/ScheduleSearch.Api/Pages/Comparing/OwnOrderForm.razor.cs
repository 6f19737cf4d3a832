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
    private const string Member = "csv", Store = "store";

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

    /// <summary>Gets the id of each order that is stored.</summary>
    [Parameter, EditorRequired]
    public EventCallback<string> OnStored { get; set; }

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await Browser.FillFromAsync(_file, _text);
    }

    private Task ReplayAsync() => SendAsync(isStored: false, async (asked, request, verification) =>
    {
        var url = await Browser.SendTextAndKeepAsync($"{Verify}?format=timeline", request, Member, _text);
        // Meanwhile another schedule may have come first, with whose profile the order costs something else.
        if (ProfileOf == asked) await OnReplayed.InvokeAsync(new OwnOrder(verification, url));
        else await Browser.ReleaseAsync(url);
    });

    private Task StoreAsync() => SendAsync(isStored: true, (_, _, verification) => OnStored.InvokeAsync(verification.Id));

    /// <summary>Has the order judged; one that keeps the rules goes on with what it was judged by and found to cost.</summary>
    private async Task SendAsync(bool isStored, Func<string, JsonObject, Verification, Task> goOn)
    {
        var asked = ProfileOf;
        (_isSending, _fault, _violations) = (true, null, []);
        try
        {
            var request = await Browser.GetAsync<JsonObject>($"/schedules/{Uri.EscapeDataString(asked)}/request");
            request[Store] = isStored;
            var verification = (await Browser.SendTextAsync(Verify, request, Member, _text)).Read<Verification>();
            _violations = verification.Violations;
            if (verification.Valid) await goOn(asked, request, verification);
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

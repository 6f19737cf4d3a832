using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Pages.Stored;

/// <summary>A schedule as pages show it: its figures, with a title and units from what was asked for.</summary>
/// <param name="Answer">Its figures.</param>
/// <param name="Title">The shape of its problem, with the family that was asked for, or said to be an own order.</param>
/// <param name="TimeUnit">The unit of its times.</param>
/// <param name="MemoryUnit">The unit of its memory; empty where the profile has none.</param>
internal sealed record ShownSchedule(ScheduleAnswer Answer, string Title, string TimeUnit, string MemoryUnit)
{
    private const string OwnOrder = "own order";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>What it is judged by.</summary>
    public decimal? Objective => Answer.Objective == "span" ? Answer.Span : Answer.Makespan;

    /// <summary>Whether its search goes on.</summary>
    public bool IsUnfinished => Answer.Status is ScheduleStatus.Queued or ScheduleStatus.Running;

    /// <summary>Reads a stored schedule.</summary>
    /// <exception cref="BrowserFault">There is none, or it may not be read.</exception>
    public static async Task<ShownSchedule> ReadAsync(Browser.Browser browser, string id)
    {
        var path = $"/schedules/{Uri.EscapeDataString(id)}";
        var request = await browser.GetAsync<JsonObject>($"{path}/request");
        return Of(await browser.GetAsync<ScheduleAnswer>($"{path}/figures"), request);
    }

    /// <summary>Reads a stored schedule again and again, with what is known of it by then, until its search has ended or its reader has left.</summary>
    /// <exception cref="BrowserFault">As <see cref="ReadAsync"/>.</exception>
    public static async IAsyncEnumerable<ShownSchedule> FollowAsync(Browser.Browser browser, string id, [EnumeratorCancellation] CancellationToken left)
    {
        for (var shown = await ReadAsync(browser, id); ; shown = await shown.RereadAsync(browser))
        {
            yield return shown;
            if (!shown.IsUnfinished) yield break;
            await Task.Delay(Poll, left).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            if (left.IsCancellationRequested) yield break;
        }
    }

    /// <summary>The same schedule with what is known of it now.</summary>
    /// <exception cref="BrowserFault">There is none any longer, or it may not be read.</exception>
    public async Task<ShownSchedule> RereadAsync(Browser.Browser browser) =>
        this with { Answer = await browser.GetAsync<ScheduleAnswer>($"/schedules/{Answer.Id}/figures") };

    private static ShownSchedule Of(ScheduleAnswer answer, JsonObject request)
    {
        var (profile, options) = (request["profile"]!, request["options"]);
        var pipeline = ProfileJson.ReadProfile(JsonSerializer.SerializeToElement(profile), "$.profile", [])!.Pipeline;
        return new ShownSchedule(
            answer,
            ShapeTitle.Of(answer.OrderOf is not null ? OwnOrder : (string?)options?["family"] ?? pipeline.Placement ?? "linear", pipeline),
            (string?)profile["times"]?["unit"] ?? "ms",
            profile["memory"] is { } memory ? (string?)memory["unit"] ?? "MiB" : "");
    }
}

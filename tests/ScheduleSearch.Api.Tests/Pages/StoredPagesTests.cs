using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class StoredPagesTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_search_is_watched_and_stopped()
    {
        var id = await browser.SolveAsync(Requests.Open(), "respond-async");
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        await Expect(page.Locator("#status")).ToHaveTextAsync("running");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Progress" })).ToContainTextAsync("proved lower bound");
        await Expect(page.Locator("#elapsed")).ToHaveTextAsync(new Regex(@"\d s"));
        await page.Locator("#stop").ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync(new Regex("feasible|optimal"));
        await Expect(page.Locator("#stop")).ToHaveCountAsync(0);
        await Expect(page.Locator("#perfetto")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_search_is_watched_to_its_end()
    {
        var id = await browser.SolveAsync(WithLimit(Requests.Open(), 4, 39), "respond-async");
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        await Expect(page.Locator("#status")).ToHaveTextAsync(new Regex("feasible|optimal"));
        var answer = await browser.Http.GetFromJsonAsync<JsonNode>($"/schedules/{id}/figures");
        answer!["devices"].ShouldBeNull();
        await Expect(page.Locator("#bound")).ToContainTextAsync(answer["bound"]!.GetValue<string>());
        await Expect(page.Locator("#elapsed, #perfetto").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Streams_are_downloaded_where_the_format_carries_the_schedule_and_the_others_say_why_not()
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 6));
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        var downloads = page.GetByRole(AriaRole.Region, new() { Name = "Downloads" });
        var download = await page.RunAndWaitForDownloadAsync(() => downloads.GetByText("pytorch", new() { Exact = true }).ClickAsync());
        download.SuggestedFilename.ShouldBe($"{id[..12]}.csv");
        var stream = await File.ReadAllTextAsync((await download.PathAsync())!);
        stream.ShouldBe(await browser.Http.GetStringAsync($"/schedules/{id}/instructions?format=pytorch"));
        var formats = await browser.Http.GetFromJsonAsync<JsonArray>($"/schedules/{id}/formats");
        foreach (var refused in formats!.Where(format => !format!["carries"]!.GetValue<bool>()))
            await Expect(downloads).ToContainTextAsync(refused!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Families_are_seen_at_a_glance_and_drawn_beside_the_schedule()
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 7, limit: 4));
        var page = await browser.OpenAsync($"/ui/schedules/{id}/families");
        await Expect(page.Locator("#families tr.chosen")).ToHaveCountAsync(1);
        await page.GetByLabel("Choose 1f1b", new() { Exact = true }).CheckAsync();
        await page.Locator("#compare").ClickAsync();
        await Expect(page.Locator("#compared tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("#compared tbody tr").Nth(1)).ToContainTextAsync("1f1b, p = 4, m = 7");
        await Expect(page.Locator("#compared tbody tr").Nth(1)).ToContainTextAsync(new Regex(@"\+\d"));
        // The link that is sent shows the same.
        var other = await browser.OpenAsync(new Uri(page.Url).PathAndQuery);
        await Expect(other.Locator("#compared tbody tr")).ToHaveCountAsync(2);
        await other.GetByLabel("Remove 1f1b, p = 4, m = 7").ClickAsync();
        await Expect(other.Locator("#compared tbody tr")).ToHaveCountAsync(1);
        await other.Locator("#added").FillAsync("0123");
        await other.Locator("#add").ClickAsync();
        await Expect(other.GetByRole(AriaRole.Alert)).ToContainTextAsync("0123");
    }

    [Fact]
    public async Task A_choice_is_compared_by_the_problem_of_its_leader()
    {
        var body = Requests.Solve(microbatches: 6, seconds: 2, devices: 3);
        body["profile"]!["vocabulary"] = JsonNode.Parse("""{ "size": 1000, "parallel": "search", "forward": 0.5, "backward": 0.5 }""");
        var id = await browser.SolveAsync(body);
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        await Expect(page.Locator("#leader")).ToContainTextAsync("vocabulary.parallel one-barrier");
        var families = await browser.OpenAsync($"/ui/schedules/{id}/families");
        await Expect(families.Locator("#families")).ToContainTextAsync("vocab-1f1b");
        var compared = await browser.OpenAsync($"/ui/compare?ids={id}");
        await compared.Locator("#own summary").ClickAsync();
        await compared.GetByLabel("The order as CSV", new() { Exact = true }).FillAsync("0F0");
        await compared.Locator("#replay").ClickAsync();
        // The leader's profile has passes that no CSV names: an answer about the order, and none about what is open.
        await Expect(compared.GetByRole(AriaRole.Alert)).ToContainTextAsync("Send the order as devices instead");
    }

    [Fact]
    public async Task What_is_stored_is_filtered_and_chosen_from()
    {
        var first = await browser.SolveAsync(Requests.Solve(microbatches: 5, devices: 5));
        var second = await browser.SolveAsync(Requests.Solve(microbatches: 6, devices: 5));
        var page = await browser.OpenAsync("/ui/schedules?devices=5");
        await Expect(page.Locator("#schedules tbody tr")).ToHaveCountAsync(2);
        await page.GetByLabel($"Choose {first[..12]}").CheckAsync();
        await page.GetByLabel($"Choose {second[..12]}").CheckAsync();
        await page.Locator("#compare").ClickAsync();
        await Expect(page.Locator("#compared tbody tr")).ToHaveCountAsync(2);
        page = await browser.OpenAsync("/ui/schedules");
        await page.Locator("#devices").FillAsync("77");
        await Expect(page.GetByText("Nothing is stored that passes the filter.")).ToBeVisibleAsync();
        page.Url.ShouldEndWith("?devices=77");
    }

    [Fact]
    public async Task A_stored_request_is_changed_and_searched_anew()
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 11, devices: 3));
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        await page.GetByText("Change and search").ClickAsync();
        await Expect(page.Locator("[id='profile.pipeline.microbatches']")).ToHaveValueAsync("11");
        await page.Locator("[id='profile.pipeline.microbatches']").FillAsync("12");
        await page.Locator("#search").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("linear, p = 3, m = 12");
    }

    [Fact]
    public async Task Whoever_leaves_while_the_timeline_is_loaded_goes_on_elsewhere()
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 13, devices: 3));
        var page = await browser.OpenAsync("/");
        var (asked, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/page/timeline.js", async route =>
        {
            asked.SetResult();
            await left.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync($"/ui/schedules/{id}");
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await page.GetByText("Change and search").ClickAsync();
        var microbatches = page.Locator("[id='profile.pipeline.microbatches']");
        await Expect(microbatches).ToHaveValueAsync("13");
        await page.RunAndWaitForRequestFinishedAsync(
            () => Task.Run(left.SetResult), new() { Predicate = request => request.Url.EndsWith("/page/timeline.js", StringComparison.Ordinal) });
        foreach (var number in new[] { "14", "15", "16" })
        {
            await microbatches.FillAsync(number);
            await microbatches.BlurAsync();
            await Expect(page.GetByLabel("The request as JSON")).ToHaveValueAsync(new Regex($"\"microbatches\": {number}"));
        }
    }

    [Fact]
    public async Task A_wrong_address_says_so()
    {
        var page = await browser.OpenAsync($"/ui/schedules/{new string('0', 64)}");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no schedule");
    }

    private static JsonNode WithLimit(JsonNode request, double seconds, int microbatches)
    {
        request["options"]!["timeLimitSeconds"] = seconds;
        request["profile"]!["pipeline"]!["microbatches"] = microbatches;
        return request;
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ScheduleSearch.Api.Traces;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class TracePageTests(BrowserFixture browser)
{
    private static readonly string Production = Path.Combine(AppContext.BaseDirectory, "Traces", "timeline-ST.json.gz");

    [Fact]
    public async Task A_dropped_run_stands_beside_its_replays_and_the_searched_schedule()
    {
        var page = await browser.OpenAsync("/ui/trace");
        await page.GetByLabel("The files of a run").SetInputFilesAsync(Production);
        await Expect(page.Locator("#format")).ToHaveTextAsync("straggler-timeline");
        await Expect(page.Locator("#steps")).ToContainTextAsync("64");
        await Expect(page.Locator("#warnings")).ToContainTextAsync("Rank 3 computes");
        var timeline = page.Locator(".timeline");
        await Expect(timeline).ToHaveAttributeAsync("data-status", "ready");
        await Expect(timeline).ToHaveAttributeAsync("data-operations", $"{3 * 32}");
        await Expect(page.GetByLabel("Timeline of recorded, its order replayed")).ToHaveCountAsync(1);
        await Expect(page.Locator("#losses tbody tr")).ToHaveCountAsync(4);
        await Expect(page.Locator("#lost")).ToHaveTextAsync(new Regex(@"^[+-][\d.,]+ ms$"));
        await Expect(page.Locator("#excess tbody tr")).ToHaveCountAsync(8);
        await Expect(page.Locator("#untold li").First).ToContainTextAsync("Whole backwards");

        // Another step of it, without choosing the files anew.
        await page.Locator("#step").FillAsync("33");
        await page.Locator("#replica").FillAsync("1");
        await page.Locator("#import").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Step 33 of replica 1" })).ToHaveCountAsync(1);

        await page.Locator("#search").ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync(new Regex("optimal|feasible"));
        await Expect(timeline).ToHaveAttributeAsync("data-operations", $"{4 * 32}");
        await Expect(page.Locator("#saved")).ToHaveTextAsync(new Regex("%"));
        await page.Locator("#evaluate").ClickAsync();
        await Expect(page.Locator("#p95")).ToHaveTextAsync(new Regex(@"\d"));
        (await page.Locator("#cumulated polyline").CountAsync()).ShouldBeGreaterThan(1);
        await page.Locator("#schedule").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/ui/schedules/[0-9a-f]{64}$"));
    }

    [Fact]
    public async Task A_table_goes_on_to_a_new_schedule_and_a_narrow_page_scrolls_what_is_wide()
    {
        var page = await browser.OpenAsync("/ui/trace", width: 390, height: 844, colours: ColorScheme.Dark);
        await ChooseAsync(page, Encoding.UTF8.GetBytes(ImportExample.Request()["files"]![0]!["content"]!.ToString()));
        await Expect(page.Locator("#format")).ToHaveTextAsync("csv");
        await Expect(page.Locator("#own")).ToContainTextAsync("0 %");
        await Expect(page.Locator("#durations tbody tr")).ToHaveCountAsync(4);
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("what is wider scrolls by itself");
        await page.Locator("#carry").ClickAsync();
        await Expect(page.Locator("[id='profile.pipeline.devices']")).ToHaveValueAsync("2");
    }

    [Fact]
    public async Task What_is_no_run_or_too_large_is_said_and_nothing_of_it_is_sent()
    {
        var page = await browser.OpenAsync("/ui/trace");
        await ChooseAsync(page, "rank,stage\n"u8.ToArray());
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Has no column kind");
        await ChooseAsync(page, [0x1f, 0x8b, 1, 2, 3]);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not the gzip that it begins as");
        var requests = 0;
        page.Request += (_, request) => requests += request.Url.EndsWith("/profiles/import", StringComparison.Ordinal) ? 1 : 0;
        await ChooseAsync(page, Packed(megabytes: 40));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("which is the most that this service takes");
        requests.ShouldBe(0);
    }

    private static byte[] Packed(int megabytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var megabyte = 0; megabyte < megabytes; megabyte++) gzip.Write(zeros);
        }

        return packed.ToArray();
    }

    private static Task ChooseAsync(IPage page, byte[] content) => page.GetByLabel("The files of a run").SetInputFilesAsync(
        new FilePayload { Name = "run", MimeType = "application/octet-stream", Buffer = content });
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class SweepPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_sweep_is_written_and_followed_and_a_point_of_its_chart_opens_its_schedule()
    {
        var page = await browser.OpenAsync("/ui/sweeps");
        await page.GetByLabel("The sweep as JSON").FillAsync("""
            {
              "base": {
                "profile": {
                  "pipeline": { "devices": 4, "microbatches": 6 },
                  "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 },
                  "memory": { "activation": 1 }
                }
              },
              "axes": { "memory.limit": [0.5, 1, 2, 4] },
              "timeLimitSeconds": 1
            }
            """);
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("done");
        await Expect(page.Locator("#points tbody tr")).ToHaveCountAsync(4);
        await Expect(page.Locator("#points tbody tr").First).ToContainTextAsync("invalid");
        await Expect(page.Locator("#chart path.front")).ToHaveCountAsync(1);
        var points = page.Locator("#chart a");
        await Expect(points).ToHaveCountAsync(3);
        var href = await points.First.GetAttributeAsync("href");
        await points.First.Locator("circle").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(href!) + "$"));
        await Expect(page.Locator("#status")).ToHaveTextAsync(new Regex("optimal|feasible"));
    }

    [Fact]
    public async Task What_is_wrong_with_a_sweep_is_said_where_it_is_written_and_its_table_is_downloaded()
    {
        var page = await browser.OpenAsync("/ui/sweeps");
        var text = page.GetByLabel("The sweep as JSON");
        var example = await text.InputValueAsync();
        await text.FillAsync("""{ "base": {}, "axes": { "memory.limit": [] } }""");
        await page.Locator("#send").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("$.axes.memory.limit");
        await text.FillAsync(example);
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("#points tbody tr")).ToHaveCountAsync(12);
        await Expect(page.Locator("#status")).ToHaveTextAsync("done");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#table").ClickAsync());
        download.SuggestedFilename.ShouldMatch("^sweep-[0-9a-f]{8}\\.csv$");
        (await File.ReadAllLinesAsync((await download.PathAsync())!)).Length.ShouldBe(13);
    }
}

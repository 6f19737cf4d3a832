using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class OwnOrderPageTests(BrowserFixture browser)
{
    private const string OneForwardOneBackward = "0F0,0F1,0B0,0F2,0B1,0B2\n1F0,1B0,1F1,1B1,1F2,1B2\n";

    [Fact]
    public async Task An_order_of_ones_own_stands_beside_the_first_schedule_and_is_not_stored()
    {
        var page = await OpenAsync();
        var url = page.Url;
        await ReplayAsync(page, OneForwardOneBackward);
        var rows = page.Locator("#compared tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(1)).ToContainTextAsync("own order");
        await Expect(rows.Nth(1)).ToContainTextAsync(new Regex(@"\+\d"));
        await Expect(page.Locator("[data-status=ready]")).ToHaveCountAsync(1);
        await Expect(page.Locator("canvas")).ToHaveAttributeAsync("aria-label", new Regex("Timeline of linear, p = 2, m = 3, own order"));
        var operations = int.Parse((await page.Locator("[data-operations]").GetAttributeAsync("data-operations"))!);
        var alone = await browser.OpenAsync(new Uri(url).PathAndQuery);
        await Expect(alone.Locator("[data-status=ready]")).ToHaveCountAsync(1);
        await Expect(alone.Locator("[data-operations]")).ToHaveAttributeAsync("data-operations", $"{operations - 12}");
        await Expect(alone.Locator("#compared tbody tr")).ToHaveCountAsync(1);
        page.Url.ShouldBe(url);
        await page.GetByLabel("Remove own order").ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Stored_it_is_part_of_the_link_and_has_a_page_of_its_own()
    {
        var page = await OpenAsync();
        await page.GetByLabel("The order as CSV", new() { Exact = true }).FillAsync(OneForwardOneBackward);
        await page.Locator("#store").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("ids=[0-9a-f]{64},[0-9a-f]{64}$"));
        var shared = await browser.OpenAsync(new Uri(page.Url).PathAndQuery);
        var rows = shared.Locator("#compared tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(1)).ToContainTextAsync("own order, p = 2, m = 3");
        await rows.Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(shared.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("own order, p = 2, m = 3");
        await shared.Locator("#compare").ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_broken_rule_is_named_and_so_is_a_cell_that_is_no_action()
    {
        var page = await OpenAsync();
        await ReplayAsync(page, OneForwardOneBackward.Replace(",1B2", "", StringComparison.Ordinal));
        await Expect(page.Locator("#violations")).ToContainTextAsync("completeness, row 1");
        await ReplayAsync(page, OneForwardOneBackward.Replace("0F1", "0G1", StringComparison.Ordinal));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Row 0, cell 1 is \"0G1\"");
        await Expect(page.Locator("#compared tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_file_fills_the_text_however_long_it_is()
    {
        var page = await OpenAsync();
        // More than a page takes in one message: cells that move data do not count.
        var text = OneForwardOneBackward.Insert(0, string.Concat(Enumerable.Repeat("0UNSHARD,0RESHARD,", 4000)));
        await page.GetByLabel("Upload the order as CSV").SetInputFilesAsync(
            new FilePayload { Name = "own.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await Expect(page.GetByLabel("The order as CSV", new() { Exact = true })).ToHaveValueAsync(text);
        await page.Locator("#replay").ClickAsync();
        await Expect(page.Locator("#compared tbody tr")).ToHaveCountAsync(2);
    }

    private static async Task ReplayAsync(IPage page, string csv)
    {
        await page.GetByLabel("The order as CSV", new() { Exact = true }).FillAsync(csv);
        await page.Locator("#replay").ClickAsync();
    }

    private async Task<IPage> OpenAsync()
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 3, devices: 2));
        var page = await browser.OpenAsync($"/ui/compare?ids={id}");
        await page.Locator("#own summary").ClickAsync();
        return page;
    }
}

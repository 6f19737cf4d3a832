using Microsoft.Playwright;
using ScheduleSearch.Api.Tests.Hosting;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class KeyPagesTests(BrowserFixture browser)
{
    [Fact]
    public async Task Where_keys_are_required_a_page_asks_for_one_and_sends_it_along()
    {
        await using var database = await TestDatabase.CreateAsync();
        var created = await CommandProcess.RunAsync(database.ConnectionString, "keys", "create", "--name", "reader", "--role", "read");
        var key = created.Output.Trim().Split('\n')[^1];
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var service = await ServiceProcess.StartAsync(
            folder, ("SCHEDULESEARCH_DATABASE", database.ConnectionString), ("Access__RequireKeys", "true"));
        var page = await browser.OpenAsync("/ui/schedules", url: service.Http.BaseAddress!.ToString());
        await page.Locator("#key").FillAsync("wrong");
        await page.GetByText("Use it").ClickAsync();
        await Expect(page.GetByText("The key is wrong or revoked.")).ToBeVisibleAsync();
        await page.Locator("#key").FillAsync(key);
        await page.GetByText("Use it").ClickAsync();
        await Expect(page.GetByText("Nothing is stored that passes the filter.")).ToBeVisibleAsync();
        await page.GotoAsync("/?example=unit-times");
        await BrowserFixture.ReadyAsync(page);
        await page.Locator("#search").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This takes a key of the role solve");
    }
}

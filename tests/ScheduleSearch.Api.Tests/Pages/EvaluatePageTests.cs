using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class EvaluatePageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Replays_are_drawn_as_distributions_beside_the_families_and_the_link_brings_them_back()
    {
        var page = await OpenAsync();
        await Member(page, "replays").FillAsync("500");
        await Member(page, "noise.operation").FillAsync("0.2");
        await Member(page, "noise.spikes.probability").FillAsync("0.05");
        await Member(page, "noise.spikes.probability").BlurAsync();
        await Expect(page.GetByLabel("The request as JSON")).ToHaveValueAsync(new Regex("\"operation\": 0.2"));
        await page.Locator("#evaluate").ClickAsync();
        await Expect(page.Locator("#mean")).ToContainTextAsync("+");
        await Expect(page.Locator("#histogram rect")).ToHaveCountAsync(40);
        (await page.Locator("#cumulated polyline").CountAsync()).ShouldBeGreaterThan(1);
        (await page.Locator("#orders tbody tr").CountAsync()).ShouldBeGreaterThan(1);
        await Expect(page.Locator("#orders tbody tr.chosen")).ToContainTextAsync("the schedule, ");
        await Expect(page.Locator("#critical tbody tr")).ToHaveCountAsync(4);
        await Expect(page.Locator("#most-critical tbody tr").First).ToContainTextAsync("of stage");

        var shared = await browser.OpenAsync(new Uri(page.Url).PathAndQuery, width: 390, height: 844, colours: ColorScheme.Dark);
        await Expect(shared.Locator("#mean")).ToHaveTextAsync(await page.Locator("#mean").InnerTextAsync());
        await Expect(shared.Locator("#histogram rect")).ToHaveCountAsync(40);
        (await shared.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("what is wider scrolls by itself");
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_the_member_and_samples_are_taken_from_a_file()
    {
        var page = await OpenAsync();
        await Member(page, "noise.stage").FillAsync("9");
        await page.Locator("#evaluate").ClickAsync();
        await Expect(page.Locator("[id='noise.stage-error']")).ToContainTextAsync("coefficient of variation");
        await Member(page, "noise.stage").FillAsync("");
        await page.Locator("#samples summary").ClickAsync();
        await UploadAsync(page, "{}");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no samples");
        await UploadAsync(page, """{ "noise": { "samples": { "forward": [[1.25, 1.5, 1.25], [1.25, 1.25, 1.25]] } } }""");
        await Expect(page.Locator("#sampled")).ToHaveTextAsync("3 microbatches");
        await page.Locator("#evaluate").ClickAsync();
        await Expect(page.Locator("#p95")).ToHaveTextAsync(new Regex(@"\d"));
    }

    private static Task UploadAsync(IPage page, string text) => page.GetByLabel("Upload samples").SetInputFilesAsync(
        new FilePayload { Name = "noise.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(text) });

    private static ILocator Member(IPage page, string path) => page.Locator($"[id='{path}']");

    private async Task<IPage> OpenAsync()
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 3, devices: 2));
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Evaluate", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/ui/schedules/{id}/evaluate$"));
        await Expect(Member(page, "replays")).ToHaveValueAsync("1000");
        return page;
    }
}

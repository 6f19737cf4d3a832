using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class NewScheduleTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_request_is_written_sent_and_answered_with_a_schedule()
    {
        var page = await browser.OpenAsync("/?example=unit-times");
        await Expect(Member(page, "profile.pipeline.devices")).ToHaveValueAsync("4");
        await page.Locator("#search").ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("optimal");
        await Expect(page.Locator("#objective")).ToHaveTextAsync("27 ms");
        await Expect(page.Locator("#gap")).ToHaveTextAsync("0 %");
        page.Url.ShouldEndWith("/ui/schedules/6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba");
    }

    [Fact]
    public async Task The_form_the_request_and_the_command_are_one()
    {
        var page = await browser.OpenAsync("/?example=unit-times");
        var json = page.GetByLabel("The request as JSON");
        await Member(page, "profile.times.forward").FillAsync("1, 2.5 3;4");
        await Member(page, "profile.times.forward").BlurAsync();
        await Expect(json).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"forward\": \\[\\s*1,\\s*2.5,\\s*3,\\s*4\\s*\\]"));
        await json.FillAsync("""{ "pipeline": { "devices": 2, "microbatches": 3 }, "times": { "unit": "us", "forward": 1, "backwardInput": 1, "backwardWeight": 1 } }""");
        await Expect(Member(page, "profile.pipeline.devices")).ToHaveValueAsync("2");
        await Expect(page.GetByText("us", new() { Exact = true }).First).ToBeVisibleAsync();
        await json.FillAsync("{ \"profile\": ");
        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("This is no JSON: line 1");
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_the_member()
    {
        var page = await browser.OpenAsync("/?example=unit-times");
        await Member(page, "profile.pipeline.devices").FillAsync("0");
        await page.Locator("#search").ClickAsync();
        await Expect(page.Locator("[id='profile.pipeline.devices-error']")).ToHaveTextAsync("Is 0; must be at least 1.");
        await Member(page, "profile.pipeline.devices").FillAsync("4");
        await Member(page, "profile.memory.limit").FillAsync("0.5");
        await page.Locator("#search").ClickAsync();
        await Expect(page.Locator("[id='profile.memory.limit-error']")).ToContainTextAsync("needs");
        new Uri(page.Url).AbsolutePath.ShouldBe("/");
    }

    [Fact]
    public async Task A_table_of_stages_fills_their_times_and_memory()
    {
        var page = await browser.OpenAsync("/?example=unit-times");
        await UploadAsync(page, "stages.csv", "stage,forward,backwardInput,activation\n1,2,3,0.5\n0,1,2,0.25\n");
        await Expect(Member(page, "profile.times.forward")).ToHaveValueAsync("1, 2");
        await Expect(Member(page, "profile.memory.activation")).ToHaveValueAsync("0.25, 0.5");
        await UploadAsync(page, "stages.csv", "forward,colour\n1,2\n");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The column colour is no member");
        await UploadAsync(page, "request.json", """{ "profile": { "pipeline": { "devices": 3, "microbatches": 9 } } }""");
        await Expect(Member(page, "profile.pipeline.microbatches")).ToHaveValueAsync("9");
    }

    [Fact]
    public async Task Nothing_comes_from_another_network_and_the_form_is_there_without_a_mouse()
    {
        var hosts = new HashSet<string>();
        var page = await browser.OpenAsync("/");
        page.Request += (_, request) => hosts.Add(new Uri(request.Url).Authority);
        await page.ReloadAsync();
        await BrowserFixture.ReadyAsync(page);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await Member(page, "profile.pipeline.devices").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(Member(page, "profile.pipeline.chunks")).ToBeFocusedAsync();
        hosts.ShouldBe([new Uri(browser.Url).Authority]);
    }

    [Fact]
    public async Task Dark_or_light_is_the_readers_choice_and_stays()
    {
        var page = await browser.OpenAsync("/", colours: ColorScheme.Dark);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.GetByLabel("Light").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    private static ILocator Member(IPage page, string path) => page.Locator($"[id='{path}']");

    private static Task UploadAsync(IPage page, string name, string text) => page.GetByLabel("Upload JSON or CSV").SetInputFilesAsync(
        new FilePayload { Name = name, MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
}

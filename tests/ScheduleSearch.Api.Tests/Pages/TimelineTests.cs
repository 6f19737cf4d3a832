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
public class TimelineTests(BrowserFixture browser)
{
    [Fact]
    public async Task Pointing_at_an_operation_tells_of_it_and_what_it_waited_for()
    {
        var page = await OpenAsync(Requests.Solve(microbatches: 4, devices: 2));
        await PointAsync(page, 2, row: 0);
        await Expect(page.Locator(".timeline-tip")).ToContainTextAsync("forward of stage 0, microbatch 0 on rank 0");
        await Expect(page.Locator(".timeline-tip")).ToContainTextAsync("0 to 1.25 ms");
        var box = await BoxAsync(page);
        await page.Mouse.ClickAsync(box.X + 56 + 2, box.Y + 40);
        await Expect(page.Locator(".timeline-said")).ToContainTextAsync("forward of stage 0, microbatch 0");
    }

    [Fact]
    public async Task What_is_seen_stands_in_the_URL_and_a_link_shows_the_same()
    {
        var page = await OpenAsync(Requests.Solve(microbatches: 5, devices: 2));
        await PointAsync(page, 200, row: 0);
        await page.Mouse.WheelAsync(0, -500);
        await Expect(page).ToHaveURLAsync(new Regex(@"[?&]begin=[\d.]+&end=[\d.]+"));
        await page.GetByLabel("Microbatch").FillAsync("3");
        await Expect(page).ToHaveURLAsync(new Regex("microbatch=3"));
        await page.GetByText("Critical path", new() { Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("critical=true"));
        var other = await browser.OpenAsync(new Uri(page.Url).PathAndQuery);
        await ReadyAsync(other);
        await Expect(other.GetByLabel("Microbatch")).ToHaveValueAsync("3");
        other.Url.ShouldBe(page.Url);
        await other.Locator("canvas").FocusAsync();
        await other.Keyboard.PressAsync("0");
        await Expect(other).Not.ToHaveURLAsync(new Regex("begin="));
    }

    [Fact]
    public async Task Idle_time_is_told_by_cause_in_the_words_of_the_answer()
    {
        var request = Requests.Solve(microbatches: 5, devices: 2);
        request["profile"]!["times"]!["forward"] = new JsonArray(1, 4);
        var id = await browser.SolveAsync(request);
        var answer = (await browser.Http.GetFromJsonAsync<JsonNode>($"/schedules/{id}"))!;
        var page = await browser.OpenAsync($"/ui/schedules/{id}");
        await ReadyAsync(page);
        await Expect(page.Locator("#limited-by")).ToHaveTextAsync(answer["limitedBy"]!.ToString());
        await page.GetByText("Idle time by cause").First.ClickAsync();
        var table = page.Locator(".timeline-table");
        await Expect(table.Locator("caption")).ToContainTextAsync(answer["limitedBy"]!.ToString());
        await Expect(table.Locator("thead")).ToContainTextAsync("less work than the busiest");
        await Expect(table.Locator("tbody tr").First.Locator("td").First).ToHaveTextAsync(answer["idle"]![0]!["causes"]!["lessWork"]!.ToString());
    }

    [Fact]
    public async Task Schedules_that_are_compared_have_one_axis()
    {
        var ids = new[]
        {
            await browser.SolveAsync(Requests.Solve(microbatches: 4, devices: 2)), await browser.SolveAsync(Requests.Solve(microbatches: 6, devices: 2)),
        };
        var page = await browser.OpenAsync($"/ui/compare?ids={string.Join(',', ids)}");
        await ReadyAsync(page);
        await Expect(page.Locator("canvas")).ToHaveCountAsync(1);
        var operations = 0;
        foreach (var id in ids)
        {
            var answer = await browser.Http.GetFromJsonAsync<JsonNode>($"/schedules/{id}");
            operations += answer!["devices"]!.AsArray().Sum(device => device!.AsArray().Count);
        }

        await Expect(page.Locator("[data-operations]")).ToHaveAttributeAsync("data-operations", $"{operations}");
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1024, 768)]
    public async Task It_fits_a_phone_and_a_laptop(int width, int height)
    {
        var id = await browser.SolveAsync(Requests.Solve(microbatches: 4, devices: 2));
        var page = await browser.OpenAsync($"/ui/schedules/{id}", width, height, ColorScheme.Dark);
        await ReadyAsync(page);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        (await BoxAsync(page)).Width.ShouldBeGreaterThan(width * 0.6f);
    }

    private static Task ReadyAsync(IPage page) => Expect(page.Locator("[data-status=ready]")).ToHaveCountAsync(1);

    private static async Task<LocatorBoundingBoxResult> BoxAsync(IPage page) => (await page.Locator("canvas").BoundingBoxAsync())!;

    private static async Task PointAsync(IPage page, float right, int row)
    {
        var box = await BoxAsync(page);
        await page.Mouse.MoveAsync(box.X + 56 + right, box.Y + 40 + row * 34);
    }

    private async Task<IPage> OpenAsync(JsonNode request)
    {
        var page = await browser.OpenAsync($"/ui/schedules/{await browser.SolveAsync(request)}");
        await ReadyAsync(page);
        return page;
    }
}

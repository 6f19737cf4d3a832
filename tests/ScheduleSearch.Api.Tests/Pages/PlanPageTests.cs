using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class PlanPageTests(BrowserFixture browser)
{
    private const string Request =
        """
        {
          "profile": {
            "pipeline": { "devices": 2, "microbatches": 4 },
            "times": { "communication": 0.1 },
            "layers": [
              { "name": "embedding", "forward": 0.2, "backwardInput": 0.2, "backwardWeight": 0.2 },
              { "name": "decoder", "count": 6, "forward": 1, "backwardInput": 1, "backwardWeight": 1 },
              { "name": "head", "forward": 2, "backwardInput": 2, "backwardWeight": 2 }
            ]
          },
          "options": { "timeLimitSeconds": 2 }
        }
        """;

    [Fact]
    public async Task Layers_are_dealt_out_and_told_to_runtimes_beside_the_even_split()
    {
        var page = await browser.OpenAsync("/ui/plan");
        await page.GetByLabel("The request as JSON").FillAsync(Request);
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync(new Regex("optimal|feasible"));
        var stages = page.Locator("#stages tbody tr");
        await Expect(stages).ToHaveCountAsync(2);
        await Expect(stages.First).ToContainTextAsync("embedding, decoder");
        // Of the eight layers the head is as long as two others.
        await Expect(stages.First.Locator("td").Nth(1)).ToHaveTextAsync("5");
        await Expect(stages.First.Locator("td").Nth(3)).ToHaveTextAsync("4");
        await Expect(page.Locator("#even")).ToContainTextAsync(new Regex(@"\+\d|at least"));
        await Expect(page.Locator("#layout-megatron pre")).ToContainTextAsync("Et*4");
        await Expect(page.Locator("#layout-torchtitan pre")).ToContainTextAsync("tok_embeddings");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByLabel("Copy counts").ClickAsync();
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldContain("\"split\"");
        await Expect(page.Locator("#alternatives tbody tr")).ToHaveCountAsync(7);

        var shared = await browser.OpenAsync(new Uri(page.Url).PathAndQuery, width: 390, height: 844, colours: ColorScheme.Dark);
        await Expect(shared.Locator("#stages tbody tr")).ToHaveCountAsync(2);
        (await shared.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("what is wider scrolls by itself");
        await shared.GetByText("Change and plan").ClickAsync();
        await Expect(shared.GetByLabel("The request as JSON")).ToHaveValueAsync(new Regex("\"layers\""));

        await page.Locator("#schedule").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/ui/schedules/[0-9a-f]{64}$"));
        await Expect(page.Locator("#leader")).ToContainTextAsync("pipeline.split");
    }

    [Fact]
    public async Task What_has_no_layers_is_not_sent_and_what_is_wrong_is_named()
    {
        var page = await browser.OpenAsync("/ui/plan");
        var text = page.GetByLabel("The request as JSON");
        await text.FillAsync("""{ "pipeline": { "devices": 2, "microbatches": 4 }, "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 } }""");
        await page.Locator("#send").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no layers to deal out");
        await text.FillAsync(Request.Replace("\"count\": 6", "\"count\": 0", StringComparison.Ordinal));
        await page.Locator("#send").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("$.profile.layers[1].count");
    }
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ScheduleSearch.Api.Tests.Pages;

[Collection(BrowserFixture.Name)]
public class EstimatePageTests(BrowserFixture browser)
{
    private const string Configuration =
        """
        {
          "model_type": "gpt2", "n_embd": 1024, "n_layer": 6, "n_head": 16, "vocab_size": 50257, "n_positions": 1024
        }
        """;

    [Fact]
    public async Task A_configuration_becomes_layers_whose_split_is_planned()
    {
        var page = await browser.OpenAsync("/ui/estimate");
        await page.GetByLabel("The model's config.json", new() { Exact = true }).FillAsync(Configuration);
        foreach (var (member, value) in new[]
            { ("sequence", "1024"), ("tensorParallel", "1"), ("dataParallel", "1"), ("pipeline.devices", "2"), ("pipeline.microbatches", "4") })
        {
            await Member(page, member).FillAsync(value);
            await Member(page, member).BlurAsync();
        }

        await Expect(page.GetByLabel("The request as JSON")).ToHaveValueAsync(new Regex("\"n_layer\": 6"));
        await page.Locator("#estimate").ClickAsync();
        await Expect(page.Locator("#layers tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator("#ranks tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("#ranks tbody tr").First).ToContainTextAsync("yes");
        await Expect(page.Locator("#estimated-device")).ToContainTextAsync("H100 80 GiB");
        await page.Locator(".formulas summary").First.ClickAsync();
        await Expect(page.Locator(".formulas").First).ToContainTextAsync("forward");

        // The link brings back what was asked and what came of it.
        var shared = await browser.OpenAsync(new Uri(page.Url).PathAndQuery, width: 390, height: 844, colours: ColorScheme.Dark);
        await Expect(shared.Locator("#ranks tbody tr")).ToHaveCountAsync(2);
        await Expect(shared.Locator("#parameters")).ToHaveTextAsync(await page.Locator("#parameters").InnerTextAsync());
        (await shared.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("what is wider scrolls by itself");

        await page.Locator("#plan").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/ui/plan\\?request="));
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync(new Regex("optimal|feasible"));
        await Expect(page.Locator("#stages tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task What_is_wrong_with_an_estimate_is_said_at_the_member_and_a_profile_goes_to_a_new_schedule()
    {
        var page = await browser.OpenAsync("/ui/estimate");
        await Member(page, "sequence").FillAsync("0");
        await page.Locator("#estimate").ClickAsync();
        await Expect(page.Locator("[id='sequence-error']")).ToContainTextAsync("must be");
        await Member(page, "sequence").FillAsync("4096");
        await page.Locator("#estimate").ClickAsync();
        await Expect(page.Locator("#ranks tbody tr")).ToHaveCountAsync(8);
        await page.Locator("#carry").ClickAsync();
        await Expect(Member(page, "profile.pipeline.devices")).ToHaveValueAsync("8");
        await Expect(page.GetByLabel("The request as JSON")).ToHaveValueAsync(new Regex("\"layers\""));
    }

    private static ILocator Member(IPage page, string path) => page.Locator($"[id='{path}']");
}

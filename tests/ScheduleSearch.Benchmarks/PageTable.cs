using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace ScheduleSearch.Benchmarks;

/// <summary>What the reader of pages waits for: measured by Chromium itself, on a service that runs at a URL.</summary>
internal static class PageTable
{
    private const int Visits = 5;
    private const int Frames = 240;
    private const int Pixels = 3;

    private static readonly string[] Columns = ["what", "ms, least", "ms, median", "ms, 95 %", "ms, most"];

    public static async Task<string> RunAsync(string url)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(5) };
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        var table = new MarkdownTable(Columns);
        table.Add(Row("first paint of the form, nothing kept by the browser", await FirstPaintsAsync(browser, url)));
        var id = await LargestAsync(http);
        var (shown, frames) = await PanAsync(browser, $"{url.TrimEnd('/')}/ui/schedules/{id}");
        table.Add(Row("timeline of 196,608 operations, from the click to its first picture", [shown]));
        table.Add(Row("a frame while it is panned", frames));
        return table.ToString();
    }

    private static async Task<List<double>> FirstPaintsAsync(IBrowser browser, string url)
    {
        var paints = new List<double>();
        for (var visit = 0; visit < Visits; visit++)
        {
            await using var context = await browser.NewContextAsync();
            var page = await context.NewPageAsync();
            await page.GotoAsync(url);
            await page.WaitForFunctionAsync("performance.getEntriesByName('first-contentful-paint').length > 0");
            paints.Add(await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
        }

        return paints;
    }

    /// <summary>The id of 64 devices with two chunks each and 512 microbatches, as a family orders them.</summary>
    private static async Task<string> LargestAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/schedules/solve", JsonNode.Parse("""
            {
              "profile": {
                "pipeline": { "devices": 64, "chunks": 2, "placement": "v", "microbatches": 512 },
                "times": { "forward": 10, "backwardInput": 11, "backwardWeight": 9, "communication": 0.3 },
                "memory": { "limit": 400, "activation": 1 }
              },
              "options": { "family": "zb-v" }
            }
            """));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!["id"]!.GetValue<string>() : throw new InvalidOperationException(text);
    }

    private static async Task<(double Shown, List<double> Frames)> PanAsync(IBrowser browser, string url)
    {
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(120_000);
        var start = DateTime.UtcNow;
        await page.GotoAsync(url);
        await page.Locator("[data-status=ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var shown = (DateTime.UtcNow - start).TotalMilliseconds;
        var box = (await page.Locator("canvas").BoundingBoxAsync())!;
        var (x, y) = (box.X + box.Width / 2, box.Y + box.Height / 2);
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.WheelAsync(0, -900);
        await page.Mouse.DownAsync();
        await page.EvaluateAsync("""
            () => {
                window.frames_ = [];
                let last = performance.now();
                const next = now => { window.frames_.push(now - last); last = now; window.collecting_ && requestAnimationFrame(next); };
                window.collecting_ = true;
                requestAnimationFrame(next);
            }
            """);
        for (var frame = 0; frame < Frames; frame++) await page.Mouse.MoveAsync(x - frame * Pixels % 400, y);
        await page.Mouse.UpAsync();
        var frames = await page.EvaluateAsync<double[]>("() => { window.collecting_ = false; return window.frames_.slice(1); }");
        return (shown, [.. frames]);
    }

    private static string[] Row(string what, List<double> times)
    {
        times.Sort();
        return [what, Text(times[0]), Text(times[times.Count / 2]), Text(times[(int)(times.Count * 0.95)]), Text(times[^1])];
    }

    private static string Text(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);
}

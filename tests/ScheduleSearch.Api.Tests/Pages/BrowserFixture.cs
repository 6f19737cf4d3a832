using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ScheduleSearch.Api.Tests.Hosting;
using Xunit;

namespace ScheduleSearch.Api.Tests.Pages;

/// <summary>The service as its users start it, and a real browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Name = "browser";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private ServiceProcess _service = null!;

    public string Url => _service.Http.BaseAddress!.ToString().TrimEnd('/');

    public HttpClient Http => _service.Http;

    /// <summary>A tab of its own, as a reader opens one for the first time.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light, string? url = null)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = url ?? Url,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colours,
            AcceptDownloads = true,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(path);
        await ReadyAsync(page);
        return page;
    }

    /// <summary>Waits until a page answers to its reader: before, it is a picture of itself.</summary>
    public static Task ReadyAsync(IPage page) => Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", new Regex("dark|light"));

    /// <summary>Has a request solved, and answers with its id.</summary>
    public async Task<string> SolveAsync(JsonNode request, string prefer = "wait=30")
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/schedules/solve") { Content = JsonContent.Create(request) };
        message.Headers.Add("Prefer", prefer);
        using var answer = await Http.SendAsync(message);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();
    }

    public async Task InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(_folder);
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(60_000);
        // Debian's own: the driver brings none along.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _service.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

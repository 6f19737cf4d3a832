using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Telemetry;

/// <summary>What the process writes to its console while a search loses its child and somebody sends texts that look like log lines.</summary>
public sealed partial class LogTests : IDisposable
{
    private const string Forged = "2026-01-01T00:00:00.000Z info: forged";

    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("line")]
    [InlineData("json")]
    public async Task Lines_about_a_search_have_its_id_and_texts_from_outside_begin_none(string format)
    {
        using var service = await ServiceProcess.StartAsync(
            _folder,
            ("Logging__Console__FormatterName", format),
            ("Logging__Console__FormatterOptions__IncludeScopes", "true"),
            ("Logging__LogLevel__Microsoft.AspNetCore", "Information"));
        (await service.Http.GetAsync($"/x%0D%0A{Uri.EscapeDataString(Forged)}")).Dispose();
        var body = Requests.Open();
        body["profile"]!["name"] = $"n\r\n{Forged}";
        var id = (await service.PostAsync(body, "respond-async"))["id"]!.GetValue<string>();
        var child = await service.SearchingChildAsync();
        child.Kill();
        await WaitForAsync(() => service.Lines.Any(line => line.Contains("ended before its search did", StringComparison.Ordinal)));

        service.Lines.ShouldAllBe(line => !line.StartsWith(Forged, StringComparison.Ordinal));
        // The first line says where the service is, to people.
        if (format == "line") service.Lines.Where(line => line != service.Ready).ShouldAllBe(line => Line().IsMatch(line));
        var about = service.Lines.Single(line => line.Contains("ended before its search did", StringComparison.Ordinal));
        if (format == "line") about.ShouldContain($" [{id}] Solver child {child.Id}");
        else JsonNode.Parse(about)!["Scopes"]!.AsArray().Select(scope => (string?)scope!["ScheduleId"]).ShouldContain(id);
        if (format == "json") foreach (var line in service.Lines) JsonNode.Parse(line)!["LogLevel"].ShouldNotBeNull();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (dbug|info|warn|fail|crit): \S+ ")]
    private static partial Regex Line();

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(50)) clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }
}

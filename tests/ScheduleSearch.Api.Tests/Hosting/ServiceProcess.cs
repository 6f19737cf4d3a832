using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>The service as a process of its own, started as its users start it: nothing configured but the port, and what a test says.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private const string ReadyMark = "ScheduleSearch is ready: ";

    private readonly Process _process;

    private ServiceProcess(Process process, string swagger, IEnumerable<string> lines)
    {
        _process = process;
        Swagger = swagger;
        Lines = new(lines);
        // Clients reach an address that stands for all of the machine's by one of them.
        var address = new UriBuilder(new Uri(Swagger).GetLeftPart(UriPartial.Authority)) { Host = "127.0.0.1" };
        Http = new HttpClient { BaseAddress = address.Uri, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>The line for people that says so.</summary>
    public string Ready => Lines.First(line => line.Contains(ReadyMark, StringComparison.Ordinal));

    /// <summary>Where the console says that Swagger is.</summary>
    public string Swagger { get; }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    /// <summary>What the process has written to its console.</summary>
    public ConcurrentQueue<string> Lines { get; }

    public static async Task<ServiceProcess> StartAsync(string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ScheduleSearch.Api.dll"), "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("SCHEDULESEARCH_DATABASE");
        // One child is enough for one search at a time, and starts in half the time of two.
        start.Environment["Solver__WarmChildren"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            lines.Add(line);
            if (!line.Contains(ReadyMark, StringComparison.Ordinal)) continue;
            var service = new ServiceProcess(process, Address().Match(line).Value, lines);
            _ = service.ReadAsync();
            // On a busy machine the schema may come later than the service.
            while (!(await service.Http.GetAsync("/readyz")).IsSuccessStatusCode) await Task.Delay(50);
            return service;
        }

        throw new InvalidOperationException("The service ended before it was ready.");
    }

    public async Task<JsonNode> PostAsync(JsonNode body, string prefer) => (await SolveAsync(body, prefer)).Json;

    public async Task<Answer> SolveAsync(JsonNode body, string prefer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/schedules/solve")
        {
            Content = TestService.Json(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString())),
        };
        request.Headers.Add("Prefer", prefer);
        return await Answer.OfAsync(await Http.SendAsync(request));
    }

    public async Task<JsonNode> GetAsync(string id) => (await Answer.OfAsync(await Http.GetAsync($"/schedules/{id}"))).Json;

    /// <summary>The solver children of the process that are alive.</summary>
    public List<Process> Children() => [.. Process.GetProcesses().Where(process => ParentOf(process) == _process.Id)];

    /// <summary>The child that searches, waited for until there is one.</summary>
    public async Task<Process> SearchingChildAsync()
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            // To become warm takes less of a core.
            if (Children().Find(child => CoreTimeOf(child) > TimeSpan.FromSeconds(4)) is { } child) return child;
            if (clock.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException("No child searches.");
        }
    }

    /// <summary>Ends the process without a warning, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to end, as an orchestrator does.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return clock.Elapsed;
    }

    [GeneratedRegex("""http://[^\s"]+""")]
    private static partial Regex Address();

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line) Lines.Enqueue(line);
    }

    private static TimeSpan CoreTimeOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It ended while it was looked at.
            return default;
        }
    }

    private static int? ParentOf(Process process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return null;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Http.Dispose();
    }
}

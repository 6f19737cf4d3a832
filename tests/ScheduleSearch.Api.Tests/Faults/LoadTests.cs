using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Faults;

/// <summary>Many clients of one process, on SQLite as its users start it.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Many_listeners_hear_of_one_search_to_its_end()
    {
        var (listeners, seconds) = (LongRun.Scale(500, 40), LongRun.Scale(15, 2));
        using var service = await ServiceProcess.StartAsync(_folder);
        var body = ClusterTests.Problem(64, seconds);
        var id = (await service.PostAsync(body, "respond-async"))["id"]!.GetValue<string>();
        var before = CpuOf(service);
        var events = await Task.WhenAll(Enumerable.Range(0, listeners).Select(_ => ListenAsync(service, id)));
        events.ShouldAllBe(heard => heard.Last);
        LongRun.Print(
            $"{listeners} listeners on /events of a search of {seconds} s: {events.Sum(heard => heard.Events)} events in all, "
            + $"{(CpuOf(service) - before).TotalSeconds:0.0} s of the service's CPU time (the search runs in another process).");
    }

    [Fact]
    public async Task Ten_thousand_requests_leave_no_memory_behind()
    {
        var requests = LongRun.Scale(10_000, 400);
        using var service = await ServiceProcess.StartAsync(_folder);
        var id = (await service.PostAsync(Requests.Solve(), "wait=60"))["id"]!.GetValue<string>();
        var times = new double[requests];
        var number = -1;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (int mine; (mine = Interlocked.Increment(ref number)) < requests;)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = mine % 4 == 0
                    ? await service.Http.PostAsync("/schedules/solve", TestService.Json(System.Text.Encoding.UTF8.GetBytes(Requests.Solve().ToJsonString())))
                    : await service.Http.GetAsync($"/schedules/{id}");
                answer.IsSuccessStatusCode.ShouldBeTrue();
                await answer.Content.CopyToAsync(Stream.Null);
                times[mine] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }));
        var resident = ResidentMegabytesOf(service);
        resident.ShouldBeLessThan(300);
        Array.Sort(times);
        LongRun.Print(
            $"{requests} requests for a stored result, a quarter of them solves, by 4 clients: median {times[requests / 2]:0.0} ms, p99 {times[requests * 99 / 100]:0.0} ms; "
            + $"{resident:0} MB of resident memory after them.");
    }

    [Fact]
    public async Task Large_answers_leave_no_memory_behind()
    {
        using var service = await ServiceProcess.StartAsync(_folder);
        var body = new JsonObject
        {
            ["profile"] = new JsonObject
            {
                ["pipeline"] = new JsonObject
                {
                    ["devices"] = LongRun.Scale(64, 16),
                    ["chunks"] = 2,
                    ["placement"] = "v",
                    ["microbatches"] = LongRun.Scale(512, 64),
                },
                ["times"] = new JsonObject { ["forward"] = 10.25, ["backwardInput"] = 10.5, ["backwardWeight"] = 9.75 },
            },
            ["options"] = new JsonObject { ["family"] = "zb-v" },
        };
        var id = (await service.PostAsync(body, "wait=60"))["id"]!.GetValue<string>();
        var clock = Stopwatch.StartNew();
        var sizes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await service.Http.GetByteArrayAsync($"/schedules/{id}")).Length));
        var elapsed = clock.Elapsed;
        var resident = ResidentMegabytesOf(service);
        resident.ShouldBeLessThan(400);
        LongRun.Print($"10 answers of {sizes[0] / 1e6:0.0} MB at once: {elapsed.TotalSeconds:0.0} s; {resident:0} MB of resident memory after them.");
    }

    [Fact]
    public async Task Overload_is_refused_with_the_time_to_try_again()
    {
        var requests = LongRun.Scale(400, 60);
        using var service = await ServiceProcess.StartAsync(_folder, ("Jobs__MaxUnfinished", $"{requests / 2}"));
        var times = new List<double>();
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, requests).Select(async number =>
        {
            var start = Stopwatch.GetTimestamp();
            var answer = await service.SolveAsync(ClusterTests.Problem(20 + number, seconds: 60), "respond-async");
            answer.Status.ShouldBeOneOf(202, 429);
            if (answer.Status == 429)
            {
                Interlocked.Increment(ref refused);
                answer.Response.Headers.RetryAfter.ShouldNotBeNull();
            }
            else
            {
                lock (times) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }));
        refused.ShouldBeGreaterThan(0);
        times.Sort();
        LongRun.Print(
            $"{requests} different problems at once with room for {requests / 2}: {times.Count} accepted (p99 {times[times.Count * 99 / 100]:0} ms), "
            + $"{refused} answered 429 with Retry-After, none otherwise.");
    }

    private static async Task<(int Events, bool Last)> ListenAsync(ServiceProcess service, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/schedules/{id}/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (events, last) = (0, false);
        while (await lines.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("event:", StringComparison.Ordinal)) continue;
            events++;
            last = line.EndsWith("end", StringComparison.Ordinal);
        }

        return (events, last);
    }

    private static TimeSpan CpuOf(ServiceProcess service)
    {
        using var process = Process.GetProcessById(service.Id);
        return process.TotalProcessorTime;
    }

    private static double ResidentMegabytesOf(ServiceProcess service)
    {
        var line = File.ReadLines($"/proc/{service.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}

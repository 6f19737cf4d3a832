using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>What bodies may cost together, whoever sends them.</summary>
public sealed class BodyLimitTests : IAsyncLifetime
{
    private const int MaxBodyBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = Start();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("/schedules/solve", "profile.times.forward", "$.profile.times.forward")]
    [InlineData("/schedules/compare", "profile.times.more", "$.profile.times.more")]
    [InlineData("/schedules/verify", "profile.pipeline.stageDevices", "$.profile.pipeline.stageDevices")]
    public async Task An_array_that_no_request_has_is_refused_by_its_length(string path, string member, string named)
    {
        // An order may have 2,000 operations here, a profile lists of 333 slices.
        await using var service = Start(("Limits:MaxOperations", "1000"), ("Limits:MaxStages", "100"));
        var body = Requests.With(member, $"[{string.Join(',', Enumerable.Repeat(1, 450_000))}]");
        var content = TestService.Json(Compressed(body));
        content.Headers.ContentEncoding.Add("gzip");
        foreach (var answer in new[] { await service.PostAsync(path, body), await service.SendAsync(HttpMethod.Post, path, content) })
        {
            answer.Status.ShouldBe(400, answer.Text);
            answer.Members.ShouldBe([named]);
        }
    }

    [Fact]
    public async Task Large_bodies_beyond_the_room_are_told_when_to_come_back_and_small_ones_are_taken()
    {
        var (refused, first, second) = ((Answer?)null, (TcpClient?)null, (TcpClient?)null);
        for (var round = 0; refused is null; round++)
        {
            round.ShouldBeLessThan(10, "somebody has to be refused");
            first?.Dispose();
            second?.Dispose();
            first = await BeginAsync(MaxBodyBytes, MaxBodyBytes - 1);
            second = await BeginAsync(MaxBodyBytes, MaxBodyBytes - 1);
            // The two have all but a half of what is for large bodies, or will have: what comes now is refused, or one of them is and both begin anew.
            refused = await RefusedAsync(() => Service.PostAsync("/schedules/solve", new string(' ', MaxBodyBytes)));
        }

        refused.MediaType.ShouldBe("application/problem+json");
        refused.Response.Headers.RetryAfter.ShouldNotBeNull();
        (await Service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
        first!.Dispose();
        second!.Dispose();
        for (var attempt = 0; ; attempt++)
        {
            var answer = await Service.PostAsync("/schedules/solve", new string(' ', MaxBodyBytes));
            if (answer.Status == 400) break;
            attempt.ShouldBeLessThan(300, "the room is free by now");
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task A_body_that_trickles_in_is_408_in_the_end()
    {
        await using var service = Start(("Limits:MaxBodySeconds", "2"));
        using var socket = await BeginAsync(100_000, 10, service);
        var stream = socket.GetStream();
        var answer = new StreamReader(stream).ReadToEndAsync();
        // Fast enough for the rate that is asked of bodies, and yet without an end.
        for (var count = 0; count < 100 && !answer.IsCompleted; count++)
        {
            try
            {
                await stream.WriteAsync(new byte[100]);
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(answer, Task.Delay(100));
        }

        var text = await answer.WaitAsync(Patience);
        text.ShouldStartWith("HTTP/1.1 408");
        text.ShouldContain("application/problem+json");
    }

    [Fact]
    public async Task Headers_that_do_not_end_are_408()
    {
        await using var service = Start(("Limits:MaxHeaderSeconds", "2"));
        using var socket = new TcpClient("127.0.0.1", service.Port);
        await socket.GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8.ToArray());
        (await new StreamReader(socket.GetStream()).ReadLineAsync().WaitAsync(Patience))!.ShouldStartWith("HTTP/1.1 408");
    }

    [Fact]
    public async Task Many_headers_are_431()
    {
        var headers = string.Concat(Enumerable.Range(0, 100).Select(header => $"X-{header}: 1\r\n"));
        using var socket = new TcpClient("127.0.0.1", Service.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"));
        (await new StreamReader(socket.GetStream()).ReadLineAsync().WaitAsync(Patience))!.ShouldStartWith("HTTP/1.1 431");
    }

    [Fact]
    public async Task Limits_are_stated()
    {
        var limits = (await Service.GetAsync("/limits")).Json;
        limits["maxBodyBytesInFlight"]!.GetValue<int>().ShouldBe(2 * MaxBodyBytes);
        limits["maxBodySeconds"]!.GetValue<int>().ShouldBe(60);
    }

    /// <summary>
    /// Asks until one is refused for want of room: how much of it those that were begun have by now is theirs to say. Null when none is.
    /// </summary>
    private static async Task<Answer?> RefusedAsync(Func<Task<Answer>> ask)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var answer = await ask();
            if (answer.Status == 503) return answer;
            answer.Status.ShouldBe(400, answer.Text);
        }

        return null;
    }

    private TestService Start(params (string Name, string Value)[] settings) => new(
        _database.ConnectionString, new StubSolver(),
        [("Limits:MaxBodyBytes", $"{MaxBodyBytes}"), ("Limits:MaxBodyBytesInFlight", $"{2 * MaxBodyBytes}"), .. settings]);

    private async Task<TcpClient> BeginAsync(int length, int sent, TestService? service = null)
    {
        var socket = new TcpClient("127.0.0.1", (service ?? Service).Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /schedules/solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"));
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(new string(' ', sent)));
        return socket;
    }

    private static byte[] Compressed(string body)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(body));
        return result.ToArray();
    }
}

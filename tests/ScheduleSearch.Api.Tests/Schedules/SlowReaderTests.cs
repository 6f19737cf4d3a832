using System.Net.Sockets;
using System.Text;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Readers of a large stream, who share what is rendered.</summary>
public sealed class SlowReaderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestDatabase _database = null!;
    private string _path = "";

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, new StubSolver(), ("Limits:MinResponseBytesPerSecond", $"{8 << 20}"));
        var solved = await Service.PostAsync("/schedules/solve", Requests.Solve(devices: 4, microbatches: 10_000));
        solved.Status.ShouldBe(200);
        _path = $"/schedules/{solved["id"]!.GetValue<string>()}/instructions";
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Who_takes_gzip_gets_the_same_stream()
    {
        var plain = await Service.GetAsync(_path);
        plain.Bytes.Length.ShouldBeGreaterThan(8 << 20);
        var packed = await Service.GetAsync(_path, ("Accept-Encoding", "gzip"));
        packed.Response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        packed.Response.Headers.Vary.ShouldContain("Accept-Encoding");
        packed.Bytes.Length.ShouldBeLessThan(plain.Bytes.Length / 4);
        await using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(packed.Bytes), System.IO.Compression.CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked);
        unpacked.ToArray().ShouldBe(plain.Bytes);
        (await Service.GetAsync(_path, ("Accept-Encoding", "gzip;q=0"))).Bytes.ShouldBe(plain.Bytes);
        var head = await Service.SendAsync(HttpMethod.Head, _path);
        (head.Status, head.Bytes.Length).ShouldBe((200, 0));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_cut_off()
    {
        var whole = (await Service.GetAsync(_path)).Bytes.Length;
        // What it gets in the end is what was under way when it was given up.
        for (var pause = TimeSpan.FromSeconds(7); ; pause *= 2)
        {
            if (await ReadAfterAsync(pause) < whole) break;
            pause.ShouldBeLessThan(Patience, "a reader that takes nothing is cut off");
        }
    }

    private async Task<long> ReadAfterAsync(TimeSpan pause)
    {
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", Service.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {_path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        await Task.Delay(pause);
        var (read, buffer) = (0L, new byte[1 << 20]);
        try
        {
            while (await socket.GetStream().ReadAsync(buffer) is > 0 and var count) read += count;
        }
        catch (IOException)
        {
            // The connection was reset.
        }

        return read;
    }
}

using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

public sealed class BadTransportTests : IAsyncLifetime
{
    private const int MaxBodyBytes = 64 * 1024;
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Requests.Solve().ToJsonString());

    private TestDatabase _database = null!;
    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, new StubSolver(), ("Limits:MaxBodyBytes", $"{MaxBodyBytes}"));
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Another_media_type_is_415(string? mediaType)
    {
        var content = new ByteArrayContent(Body);
        if (mediaType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        ShouldBeProblem(await PostAsync(content), 415);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task JSON_by_another_name_is_taken(string mediaType)
    {
        var content = new ByteArrayContent(Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        (await PostAsync(content)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_body_is_read(string encoding) => (await PostAsync(Encoded(encoding, Compressed(encoding, Body)))).Status.ShouldBe(200);

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_broken_compressed_body_is_400(string encoding)
    {
        ShouldBeProblem(await PostAsync(Encoded(encoding, Body)), 400);
        ShouldBeProblem(await PostAsync(Encoded(encoding, Compressed(encoding, Body)[..40])), 400);
        ShouldBeProblem(await PostAsync(Encoded(encoding, Compressed(encoding, Compressed(encoding, Body)))), 400);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_small_body_that_grows_beyond_the_limit_is_413(string encoding) =>
        ShouldBeProblem(await PostAsync(Encoded(encoding, Compressed(encoding, new byte[50 << 20]))), 413);

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("compress")]
    public async Task An_unknown_encoding_is_415(string encoding) => ShouldBeProblem(await PostAsync(Encoded(encoding, Body)), 415);

    [Fact]
    public async Task A_body_over_the_limit_is_413_whether_its_length_is_told_or_not()
    {
        ShouldBeProblem(await PostAsync(TestService.Json(new byte[MaxBodyBytes + 1])), 413);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/schedules/solve") { Content = TestService.Json(new byte[MaxBodyBytes + 1]) };
        request.Headers.TransferEncodingChunked = true;
        ShouldBeProblem(await Answer.OfAsync(await Service.Http.SendAsync(request)), 413);
    }

    [Theory]
    [InlineData("PUT", "/schedules/solve")]
    [InlineData("PATCH", "/schedules/verify")]
    [InlineData("POST", "/families")]
    public async Task A_wrong_verb_is_405_and_says_which_are_right(string method, string path)
    {
        var answer = await Service.SendAsync(new HttpMethod(method), path);
        ShouldBeProblem(answer, 405);
        answer.Response.Content.Headers.Allow.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Every_answer_is_taken_for_what_it_says_it_is()
    {
        foreach (var path in new[] { "/healthz", "/schedule", "/families" }) ShouldForbidGuesses(await Service.GetAsync(path));
        ShouldForbidGuesses(await PostAsync(Encoded("br", Body)));

        static void ShouldForbidGuesses(Answer answer) => answer.Response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task An_unknown_path_is_404() => ShouldBeProblem(await Service.GetAsync("/schedule"), 404);

    [Theory]
    [InlineData("GET /schedules/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400, 404)]
    [InlineData("GET /schedules/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404, 404)]
    [InlineData("POST /schedules/solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -5\r\nConnection: close\r\n\r\n", 400, 400)]
    [InlineData("HELLO\r\n\r\n", 400, 400)]
    public async Task Odd_requests_are_4xx(string request, int least, int most) => (await SendRawAsync(request)).ShouldBeInRange(least, most);

    [Fact]
    public async Task Oversized_headers_and_paths_are_4xx()
    {
        (await SendRawAsync($"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 40_000)}\r\n\r\n")).ShouldBe(431);
        (await SendRawAsync($"GET /schedules/{new string('a', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldBeOneOf(404, 414);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_harms_nobody()
    {
        for (var client = 0; client < 5; client++)
        {
            using var socket = new TcpClient("127.0.0.1", Service.Port);
            await socket.GetStream().WriteAsync(
                "POST /schedules/solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"profile\""u8.ToArray());
            socket.LingerState = new LingerOption(true, 0);
        }

        (await Service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_408() => (await SendRawAsync(
        "POST /schedules/solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"profile\"")).ShouldBe(408);

    private Task<Answer> PostAsync(HttpContent content) => Service.SendAsync(HttpMethod.Post, "/schedules/solve", content);

    private async Task<int> SendRawAsync(string request)
    {
        using var socket = new TcpClient("127.0.0.1", Service.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream);
        var status = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return int.Parse(status!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void ShouldBeProblem(Answer answer, int status)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.MediaType.ShouldBe("application/problem+json");
        answer["status"]!.GetValue<int>().ShouldBe(status);
        answer.Text.ShouldNotContain("   at ");
    }

    private static ByteArrayContent Encoded(string encoding, byte[] bytes)
    {
        var content = TestService.Json(bytes);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }

    private static byte[] Compressed(string encoding, byte[] bytes)
    {
        using var result = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(result, CompressionLevel.Optimal),
            "br" => new BrotliStream(result, CompressionLevel.Fastest),
            _ => new ZLibStream(result, CompressionLevel.Optimal),
        }) stream.Write(bytes);
        return result.ToArray();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using ScheduleSearch.Api.Evaluations;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Tests.Fuzzing;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Api.Traces;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Whatever is sent, the service does not fail.</summary>
public sealed class FuzzTests(FuzzTests.Service service) : IClassFixture<FuzzTests.Service>
{
    /// <summary>How many requests are drawn from the document; some hundreds when nothing is said.</summary>
    private const string Variable = "SCHEDULESEARCH_FUZZ_REQUESTS";

    private const int AtOnce = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Wrong_requests_drawn_from_the_document_are_refused_as_problems()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 600;
        var wrong = await DrawAsync();
        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var request = wrong.Draw(number);
            var (status, fault) = await SendAsync(request);
            statuses.AddOrUpdate(status, 1, (_, sofar) => sofar + 1);
            if (fault is not null) faults.Add($"{number}: {fault} | {request}");
        });
        faults.ShouldBeEmpty();
        // What is drawn reaches the checks of members and of the rest, and what is right is answered.
        foreach (var status in new[] { 200, 400, 404, 405, 415, 422 }) statuses.ShouldContainKey(status);
        (await service.Api.GetAsync("/healthz")).Status.ShouldBe(200);
        (await service.Api.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
    }

    [Property(MaxTest = 200)]
    public async Task A_body_with_bytes_changed_never_fails_the_service(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var bytes = System.Text.Encoding.UTF8.GetBytes(Requests.Solve(microbatches: 2, devices: 2).ToJsonString());
        for (var change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        var path = random.Next(2) == 0 ? "/schedules/solve" : "/schedules/verify";
        (await service.Api.SendAsync(HttpMethod.Post, path, TestService.Json(bytes), ("Prefer", "respond-async"))).Status.ShouldBeLessThan(500);
    }

    private async Task<WrongRequests> DrawAsync()
    {
        var document = new ServiceDocument((await service.Api.GetAsync("/swagger/v1/swagger.json")).Json);
        var id = (await service.Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 2, devices: 2)))["id"]!.GetValue<string>();
        // On a busy machine the search may go on after the answer.
        var solved = await service.Api.WaitWhileAsync(id, "queued", "running");
        var examples = (await service.Api.GetAsync("/examples")).Json.AsArray().Select(example => example!["request"]!.DeepClone());
        List<JsonNode> problems = [.. examples, Requests.Solve()];
        var order = Requests.Solve(microbatches: 2, devices: 2);
        order["devices"] = solved["devices"]!.DeepClone();
        return new WrongRequests(document, id, new Dictionary<string, IReadOnlyList<JsonNode>>
        {
            ["/schedules/solve"] = problems,
            ["/schedules/compare"] = problems,
            ["/schedules/verify"] = [order, new JsonObject { ["id"] = id }],
            ["/schedules/{id}/evaluate"] = [EvaluationExample.Request()],
            ["/schedules/{id}/research"] = [ResearchExample.Request()],
            ["/profiles/import"] = [ImportExample.Request()],
        });
    }

    /// <summary>Sends a request.</summary>
    /// <returns>Its status, and what is wrong with the answer; null when nothing is.</returns>
    private async Task<(int Status, string? Fault)> SendAsync(WrongRequest request)
    {
        var clock = Stopwatch.StartNew();
        Answer answer;
        try
        {
            using var message = request.ToMessage(service.Api.Http.BaseAddress!);
            answer = await Answer.OfAsync(await service.Api.Http.SendAsync(message));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return (0, $"no answer: {exception.Message} {exception.InnerException?.Message}");
        }

        return (answer.Status, clock.Elapsed > Longest ? $"took {clock.Elapsed}" : FaultOf(request, answer));
    }

    private static string? FaultOf(WrongRequest request, Answer answer)
    {
        answer = answer with { Bytes = Plain(answer) };
        var comesBack = answer.Response.Headers.RetryAfter is not null;
        if (answer.Status >= 500 && !(answer.Status == 503 && comesBack)) return $"{answer.Status}: {answer.Text}";
        if (answer.Text.Contains("   at ", StringComparison.Ordinal) || answer.Text.Contains("Exception:", StringComparison.Ordinal))
            return $"a stack trace: {answer.Text}";
        if (answer.Status < 400 || request.Verb == "HEAD") return null;
        // The server refuses by itself, without a body, what it cannot read as HTTP; whatever reaches the service says that it is no page.
        if (!answer.Response.Headers.Contains("X-Content-Type-Options"))
            return answer is { Status: 400 or 414 or 431, Bytes.Length: 0 } ? null : $"{answer.Status} from the server, {answer.Bytes.Length} bytes";
        if (answer.MediaType != "application/problem+json" || answer["status"]!.GetValue<int>() != answer.Status || answer["detail"] is null)
            return $"{answer.Status} is no problem: {answer.MediaType} {answer.Text}";
        if (answer.Status == 429 && !comesBack) return "429 without Retry-After";
        var namesMembers = answer["errors"] is JsonObject { Count: > 0 };
        return request.HasWrongMembersAlone && answer.Status is 400 or 422 && !namesMembers ? $"names no member: {answer.Text}" : null;
    }

    private static byte[] Plain(Answer answer)
    {
        using var plain = new MemoryStream();
        using Stream packed = answer.Response.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(new MemoryStream(answer.Bytes), CompressionMode.Decompress),
            "br" => new BrotliStream(new MemoryStream(answer.Bytes), CompressionMode.Decompress),
            _ => new MemoryStream(answer.Bytes),
        };
        packed.CopyTo(plain);
        return plain.ToArray();
    }

    public sealed class Service : IAsyncLifetime
    {
        private TestDatabase _database = null!;

        internal TestService Api { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync();
            // What is drawn may be valid and large.
            Api = new TestService(_database.ConnectionString, new StubSolver(), ("Limits:MaxOperations", "10000"), ("Limits:MaxStages", "200"));
        }

        public async Task DisposeAsync()
        {
            await Api.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}

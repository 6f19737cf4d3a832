using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Diagnostics;

/// <summary>What generators make clients of.</summary>
public sealed class ClientDocumentTests(ClientDocumentTests.Documented documented) : IClassFixture<ClientDocumentTests.Documented>
{
    private JsonNode Document => documented.Document;

    [Fact]
    public void Every_operation_has_a_name_of_its_own()
    {
        var names = Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(verb => verb.Value!["operationId"]?.ToString()).ToList();
        names.ShouldNotContain((string?)null);
        names.Distinct().Count().ShouldBe(names.Count);
        Document["servers"]![0]!["url"]!.ToString().ShouldBe("/");
    }

    [Fact]
    public void Where_one_number_will_do_the_array_that_says_all_comes_first()
    {
        var times = Document["components"]!["schemas"]!["OperationTimes"]!["properties"]!;
        times["forward"]!["oneOf"]!.ToJsonString().ShouldBe("""[{"type":"array","items":{"type":"number"}},{"type":"number"}]""");
        Document["components"]!["schemas"]!["ActivationRecompute"]!["properties"]!["choose"]!["oneOf"]![0]!["type"]!.ToString().ShouldBe("array");
    }

    [Fact]
    public void Streams_are_bytes_of_their_media_types()
    {
        const string Bytes = """{"type":"string","format":"binary"}""";
        var instructions = Content("/schedules/{id}/instructions");
        instructions.Select(content => content.Key).ShouldBe(["application/json", "text/csv", "image/svg+xml"]);
        instructions.ShouldAllBe(content => content.Value!["schema"]!.ToJsonString(null) == Bytes);
        Content("/schedules/{id}/timeline.svg")["image/svg+xml"]!["schema"]!.ToJsonString().ShouldBe(Bytes);
        foreach (var path in new[] { "/schedules/{id}", "/schedules/solve", "/schedules/verify" })
        {
            var content = Content(path);
            content.Select(form => form.Key).ShouldBe(["application/json", "image/svg+xml", "text/csv"], ignoreOrder: true);
            content["application/json"]!["schema"]!["$ref"].ShouldNotBeNull();
            content["text/csv"]!["schema"]!.ToJsonString().ShouldBe(Bytes);
        }

        var events = Content("/schedules/{id}/events")["text/event-stream"]!;
        events["schema"]!.ToJsonString().ShouldBe(Bytes);
        events["x-oai-itemSchema"]!["$ref"]!.ToString().ShouldBe("#/components/schemas/ProgressAnswer");
        Content("/batches/{id}/results")["application/x-ndjson"]!["schema"]!.ToJsonString().ShouldBe(Bytes);
    }

    [Fact]
    public void Headers_are_declared_where_they_are_sent_and_taken()
    {
        var solve = Document["paths"]!["/schedules/solve"]!["post"]!;
        HeadersTaken(solve).ShouldBe(["Prefer"]);
        HeadersTaken(Document["paths"]!["/schedules/compare"]!["post"]!).ShouldBe(["Prefer"]);
        HeadersOf(solve, "202").ShouldBe(["Content-Location", "Link", "Location", "Preference-Applied", "Retry-After"]);
        HeadersOf(solve, "429").ShouldBe(["Retry-After"]);
        HeadersOf(solve, "503").ShouldBe(["Retry-After"]);
        var instructions = Document["paths"]!["/schedules/{id}/instructions"]!["get"]!;
        HeadersOf(instructions, "200").ShouldBe(["Content-Location", "ETag", "Link", "Schedule-Revision"]);
        HeadersOf(instructions, "409").ShouldBe(["Retry-After"]);
        HeadersOf(Document["paths"]!["/schedules/{id}"]!["get"]!, "200").ShouldBe(["Content-Location", "ETag", "Link", "Retry-After"]);
        HeadersOf(Document["paths"]!["/schedules"]!["get"]!, "200").ShouldBe(["Link"]);
    }

    [Fact]
    public void Parameters_of_lists_say_what_they_take()
    {
        var parameters = Document["paths"]!["/schedules"]!["get"]!["parameters"]!.AsArray()
            .ToDictionary(each => each!["name"]!.ToString(), each => each!["schema"]!);
        parameters["devices"].ToJsonString().ShouldBe("""{"minimum":1,"type":"integer"}""");
        parameters["status"]["enum"]!.AsArray().Select(word => word!.ToString()).ShouldBe(["queued", "running", "feasible", "optimal", "canceled", "failed"]);
        parameters["placement"]["enum"]!.AsArray().Select(word => word!.ToString()).ShouldContain("best");
    }

    [Fact]
    public async Task The_batch_that_is_offered_is_taken()
    {
        var offered = Document["paths"]!["/batches"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!;
        offered["requests"]!.AsArray().ShouldNotBeEmpty();
        (await documented.Service.PostAsync("/batches", offered)).Status.ShouldBe(202);
    }

    [Fact]
    public async Task The_order_that_verify_offers_is_valid_and_a_deadlock_is_a_rule()
    {
        var offered = Document["paths"]!["/schedules/verify"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!;
        (await documented.Service.PostAsync("/schedules/verify", offered))["valid"]!.GetValue<bool>().ShouldBeTrue();
        Document["components"]!["schemas"]!["Violation"]!["properties"]!["rule"]!["description"]!.ToString().ShouldContain("`deadlock`");
    }

    private JsonObject Content(string path) => Answer(path)["content"]!.AsObject();

    private JsonNode Answer(string path) => (Document["paths"]![path]!["get"] ?? Document["paths"]![path]!["post"])!["responses"]!["200"]!;

    private static IEnumerable<string> HeadersOf(JsonNode operation, string status) =>
        operation["responses"]![status]!["headers"]!.AsObject().Select(header => header.Key).Order(StringComparer.Ordinal);

    private static IEnumerable<string> HeadersTaken(JsonNode operation) =>
        operation["parameters"]!.AsArray().Where(each => each!["in"]!.ToString() == "header").Select(each => each!["name"]!.ToString());

    public sealed class Documented : IAsyncLifetime
    {
        private TestDatabase _database = null!;

        internal TestService Service { get; private set; } = null!;

        internal JsonNode Document { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync();
            Service = new TestService(_database.ConnectionString, new StubSolver());
            Document = (await Service.GetAsync("/swagger/v1/swagger.json")).Json;
        }

        public async Task DisposeAsync()
        {
            await Service.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}

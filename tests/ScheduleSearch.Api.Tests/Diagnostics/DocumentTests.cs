using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Diagnostics;

public sealed class DocumentTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, new StubSolver());
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_document_lists_every_endpoint()
    {
        var paths = (await Service.GetAsync("/swagger/v1/swagger.json"))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(verb => $"{verb.Key} {path.Key}"));
        paths.Order().ShouldBe(
        [
            "delete /batches/{id}", "delete /schedules/{id}", "delete /sweeps/{id}", "get /batches/{id}", "get /batches/{id}/results", "get /devices",
            "get /examples", "get /families", "get /healthz", "get /limits", "get /readyz", "get /schedules", "get /schedules/{id}",
            "get /schedules/{id}/critical-path", "get /schedules/{id}/events", "get /schedules/{id}/families", "get /schedules/{id}/figures",
            "get /schedules/{id}/formats", "get /schedules/{id}/instructions", "get /schedules/{id}/layout", "get /schedules/{id}/request",
            "get /schedules/{id}/runtime", "get /schedules/{id}/timeline.json", "get /schedules/{id}/timeline.svg", "get /schedules/{id}/trace.json",
            "get /sweeps/{id}", "post /batches", "post /plans", "post /plans/replicas", "post /profiles/estimate", "post /profiles/import",
            "post /schedules/compare", "post /schedules/least-memory", "post /schedules/solve", "post /schedules/verify",
            "post /schedules/{id}/evaluate", "post /schedules/{id}/research", "post /sweeps",
        ]);
    }

    [Fact]
    public async Task Every_field_of_requests_and_answers_is_documented()
    {
        var schemas = (await Service.GetAsync("/swagger/v1/swagger.json"))["components"]!["schemas"]!.AsObject();
        schemas.ShouldContainKey("ScheduleAnswer");
        var silent = schemas.SelectMany(schema => (schema.Value!["properties"]?.AsObject() ?? []).Where(field => !IsDocumented(field.Value!))
            .Select(field => $"{schema.Key}.{field.Key}"));
        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_document_says_what_a_request_may_hold()
    {
        var document = (await Service.GetAsync("/swagger/v1/swagger.json")).Json;
        var schemas = document["components"]!["schemas"]!;
        schemas["SolveRequest"]!["required"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["profile"]);
        RequiredOf("CallbackRequest").ShouldBe(["url"]);
        RequiredOf("PipelineShape").ShouldBe(["devices", "microbatches"]);
        RequiredOf("OperationTimes").ShouldBe(["backwardInput", "backwardWeight", "forward"]);
        RequiredOf("ActivationMemory").ShouldBeEmpty();
        RequiredOf("OverlapTimes").ShouldBeEmpty();
        RequiredOf("SequenceSlices").ShouldBe(["count"]);
        RequiredOf("ActivationRecompute").ShouldBeEmpty();
        RequiredOf("RecomputeLevel").ShouldBe(["kept"]);
        schemas["ActivationRecompute"]!["properties"]!.AsObject().Select(field => field.Key).ShouldBe(["time", "kept", "levels", "choose"]);
        schemas["SequenceSlices"]!["properties"]!["cut"]!["enum"]!.ToJsonString().ShouldBe("""["even","equalFlops"]""");
        schemas["ScheduleAnswer"]!["properties"]!.AsObject().ShouldContainKey("alternatives");
        schemas.ToJsonString().ShouldNotContain("ScheduleSearch.Core", Case.Sensitive, "comments refer to members as requests name them");
        RequiredOf("SolveOptions").ShouldBeEmpty();
        schemas["OperationTimes"]!["properties"]!["forward"]!["example"]!.GetValue<double>().ShouldBe(18.522);
        schemas["PipelineShape"]!["properties"]!.AsObject().Select(field => field.Key)
            .ShouldBe(["devices", "chunks", "placement", "stageDevices", "split", "microbatches"]);
        schemas["OperationTimes"]!["properties"]!["unit"]!["enum"]!.ToJsonString().ShouldBe("""["us","ms","s"]""");
        schemas["SolveOptions"]!["properties"]!["objective"]!["enum"]!.ToJsonString().ShouldBe("""["makespan","span"]""");
        schemas["PipelineShape"]!["properties"]!["chunks"]!["nullable"]!.GetValue<bool>().ShouldBeTrue();
        schemas["PipelineShape"]!["properties"]!["devices"]!["nullable"].ShouldBeNull();
        schemas["PipelineShape"]!["properties"]!["placement"]!["enum"]!.AsArray().Select(word => word!.GetValue<string>())
            .ShouldBe(["linear", "interleaved", "v", "wave", "bidirectional", "explicit", "best"]);
        schemas["ScheduleAnswer"]!.ToJsonString().ShouldNotContain("nullable");
        document["paths"]!["/schedules"]!["get"]!["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>())
            .ShouldBe(["page", "pageSize", "devices", "chunks", "placement", "microbatches", "objective", "status", "name", "own"]);

        IEnumerable<string> RequiredOf(string name) => (schemas[name]!["required"]?.AsArray() ?? []).Select(member => member!.GetValue<string>()).Order();
    }

    [Fact]
    public async Task Communication_is_a_number_a_matrix_or_an_object_whose_members_are_described()
    {
        var schemas = (await Service.GetAsync("/swagger/v1/swagger.json"))["components"]!["schemas"]!;
        schemas["OperationTimes"]!["properties"]!["communication"]!["oneOf"]!.ToJsonString().ShouldBe(
            """[{"$ref":"#/components/schemas/Communication"},{"type":"array","items":{"type":"array","items":{"type":"number"}}},{"type":"number"}]""");
        var members = schemas["Communication"]!["properties"]!.AsObject();
        members.Select(member => member.Key).ShouldBe(["latency", "bandwidth", "bytes", "exclusive"]);
        members.ShouldAllBe(member => IsDocumented(member.Value!));
        members["exclusive"]!["oneOf"]!.ToJsonString().ShouldBe("""[{"type":"boolean"},{"enum":["device"],"type":"string"}]""");
        (schemas["Communication"]!["required"] ?? new JsonArray()).AsArray().ShouldBeEmpty();
        schemas.AsObject().ShouldNotContainKey("Exclusivity");
    }

    [Fact]
    public async Task The_document_lists_the_formats_and_their_versions()
    {
        var parameters = (await Service.GetAsync("/swagger/v1/swagger.json"))["paths"]!["/schedules/{id}/instructions"]!["get"]!["parameters"]!.AsArray()
            .ToDictionary(parameter => parameter!["name"]!.GetValue<string>());
        parameters.Keys.ShouldBe(["id", "format", "rank", "version", "revision"], ignoreOrder: true);
        parameters["format"]!["schema"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>())
            .ShouldBe(["native", "pytorch", "pytorch-comms", "megatron-zb", "deepspeed", "jaxpp", "nnscaler", "chrome-trace", "svg", "csv", "timeline"]);
        parameters["version"]!["schema"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldContain("2.10");
        parameters["format"]!["description"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_document_says_what_a_picture_can_be_asked_for()
    {
        var parameters = (await Service.GetAsync("/swagger/v1/swagger.json"))["paths"]!["/schedules/{id}/timeline.svg"]!["get"]!["parameters"]!.AsArray()
            .ToDictionary(parameter => parameter!["name"]!.GetValue<string>(), parameter => parameter!);
        parameters.Keys.ShouldBe(["id", "revision", "width", "from", "to", "ranks", "memory", "name"], ignoreOrder: true);
        parameters.Where(parameter => parameter.Key != "id").ShouldAllBe(parameter => IsDocumented(parameter.Value));
        var width = parameters["width"]["schema"]!;
        (width["minimum"]!.GetValue<int>(), width["maximum"]!.GetValue<int>()).ShouldBe((400, 10_000));
        parameters["memory"]["schema"]!["default"]!.GetValue<bool>().ShouldBeFalse();
        Regex.IsMatch(parameters["ranks"]["example"]!.GetValue<string>(), parameters["ranks"]["schema"]!["pattern"]!.GetValue<string>()).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_example_can_be_chosen_and_run()
    {
        var solve = (await Service.GetAsync("/swagger/v1/swagger.json"))["paths"]!["/schedules/solve"]!["post"]!;
        var content = solve["requestBody"]!["content"]!["application/json"]!;
        var examples = (await Service.GetAsync("/examples")).Json.AsArray();
        content["examples"]!.AsObject().Select(example => example.Key).ShouldBe(examples.Select(example => example!["name"]!.GetValue<string>()));
        foreach (var (_, example) in content["examples"]!.AsObject())
            (await Service.PostAsync("/schedules/solve", example!["value"]!)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Where_keys_are_required_the_page_lets_one_be_sent_and_each_call_says_which_it_takes()
    {
        (await Service.GetAsync("/swagger/v1/swagger.json"))["components"]!["securitySchemes"].ShouldBeNull();
        await using var keyed = GuardedService.Start(_database);
        var document = (await keyed.GetAsync("/swagger/v1/swagger.json")).Json;
        document["components"]!["securitySchemes"]!["Bearer"]!["scheme"]!.GetValue<string>().ShouldBe("Bearer");
        var solve = document["paths"]!["/schedules/solve"]!["post"]!;
        solve["security"]!.ToJsonString().ShouldBe("""[{"Bearer":[]}]""");
        solve["description"]!.GetValue<string>().ShouldContain("a key of the role `solve`");
        solve["responses"]!.AsObject().Select(response => response.Key).ShouldBeSubsetOf(["200", "202", "400", "401", "403", "409", "413", "415", "422", "429", "503"]);
        solve["responses"]!["401"]!["content"]!.AsObject().ShouldContainKey("application/problem+json");
        document["paths"]!["/healthz"]!["get"]!["security"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_is_there()
    {
        var page = await Service.GetAsync("/swagger/index.html");
        page.Status.ShouldBe(200);
        page.MediaType.ShouldBe("text/html");
    }

    private static bool IsDocumented(JsonNode field) => field["description"] is not null;
}

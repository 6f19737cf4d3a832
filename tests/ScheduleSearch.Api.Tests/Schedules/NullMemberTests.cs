using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Fuzzing;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>A member that is null counts as one that is left out: many clients write what they have no value for so.</summary>
public sealed class NullMemberTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ServiceDocument _document = null!;
    private JsonNode _paths = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, new StubSolver());
        var document = (await Service.GetAsync("/swagger/v1/swagger.json")).Json;
        (_document, _paths) = (new ServiceDocument(document), document["paths"]!);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_example_is_the_same_problem_with_null_for_all_that_it_leaves_out()
    {
        foreach (var example in (await Service.GetAsync("/examples")).Json.AsArray())
        {
            var request = example!["request"]!;
            var solved = await Service.PostAsync("/schedules/solve", Filled("/schedules/solve", request));
            solved.Status.ShouldBe(200, solved.Text);
            solved["id"]!.ToString().ShouldBe((await Service.PostAsync("/schedules/solve", request))["id"]!.ToString());
        }
    }

    [Fact]
    public async Task Compare_and_batches_take_null_too()
    {
        var compared = await Service.PostAsync("/schedules/compare", Filled("/schedules/compare", Requests.Solve()));
        compared.Status.ShouldBe(200, compared.Text);
        var batch = await Service.PostAsync("/batches", Filled("/batches", new JsonObject { ["requests"] = new JsonArray(Requests.Solve()) }));
        batch.Status.ShouldBe(202, batch.Text);
    }

    [Fact]
    public async Task Orders_to_verify_may_have_null_for_what_their_operations_do_not_have()
    {
        var order = _paths["/schedules/verify"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!;
        var answer = await Service.PostAsync("/schedules/verify", Filled("/schedules/verify", order));
        answer.Status.ShouldBe(200, answer.Text);
        answer["valid"]!.GetValue<bool>().ShouldBeTrue();

        order["devices"]![0]![0] = JsonNode.Parse(
            """{"op":"overlapped","forward":{"stage":0,"microbatch":0},"backward":{"stage":0,"microbatch":1},"start":0,"end":1}""");
        answer = await Service.PostAsync("/schedules/verify", Filled("/schedules/verify", order));
        answer.Status.ShouldBe(200, answer.Text);
        answer["valid"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_stored_is_verified_by_its_id_with_null_for_an_order()
    {
        var solved = await Service.PostAsync("/schedules/solve", Requests.Solve());
        var answer = await Service.PostAsync("/schedules/verify", Filled("/schedules/verify", new JsonObject { ["id"] = solved["id"]!.DeepClone() }));
        answer.Status.ShouldBe(200, answer.Text);
        answer["valid"]!.GetValue<bool>().ShouldBeTrue();
    }

    /// <summary>A body with null for every member that the document knows and that it leaves out.</summary>
    private JsonNode Filled(string path, JsonNode body)
    {
        var filled = body.DeepClone();
        Fill(filled, _document.Operations.Single(operation => operation.Path == path && operation.Body is not null).Body);
        filled.ToJsonString().ShouldContain(":null");
        return filled;
    }

    private void Fill(JsonNode? value, JsonNode? schema)
    {
        if (value is JsonArray elements)
        {
            foreach (var element in elements) Fill(element, _document.ElementsOf(schema));
        }

        if (value is not JsonObject members) return;
        foreach (var (name, form) in _document.MembersOf(schema))
        {
            if (members[name] is { } given) Fill(given, form);
            else members[name] = null;
        }
    }
}

using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Http;

/// <summary>Every operation of the document, asked with parameters that it has and one that it does not.</summary>
public sealed class KnownQueryTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private string _id = "";

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, new StubSolver());
        _id = (await Service.PostAsync("/schedules/solve", Requests.Solve()))["id"]!.GetValue<string>();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_parameter_that_an_operation_does_not_have_is_named()
    {
        foreach (var (verb, path, _) in await OperationsAsync())
        {
            var answer = await Service.SendAsync(new HttpMethod(verb), $"{path}?unknown=1", TestService.Json("{}"u8.ToArray()));
            answer.Status.ShouldBe(400, $"{verb} {path}: {answer.Text}");
            answer.Members.ShouldBe(["unknown"], $"{verb} {path}");
        }
    }

    [Fact]
    public async Task No_parameter_that_is_documented_is_unknown()
    {
        foreach (var (verb, path, parameters) in await OperationsAsync())
        {
            foreach (var parameter in parameters)
            {
                var answer = await Service.SendAsync(new HttpMethod(verb), $"{path}?{parameter}=x");
                if (answer.Status == 400) answer["detail"]!.GetValue<string>().ShouldNotContain("Is not a parameter", Case.Sensitive, $"{verb} {path} {parameter}");
            }
        }
    }

    [Theory]
    [InlineData("/swagger/index.html?unknown=1")]
    [InlineData("/swagger/v1/swagger.json?unknown=1")]
    public async Task Pages_of_libraries_read_their_queries_by_themselves(string path) => (await Service.GetAsync(path)).Status.ShouldBe(200);

    [Theory]
    [InlineData("OPTIONS", "/schedules", "GET, HEAD")]
    [InlineData("PUT", "/families", "GET, HEAD")]
    [InlineData("TRACE", "/healthz", "GET, HEAD")]
    [InlineData("OPTIONS", "/schedules/solve", "POST")]
    [InlineData("GET", "/schedules/solve", "POST")]
    [InlineData("DELETE", "/schedules/compare", "POST")]
    [InlineData("PUT", "/schedules/0123456789abcdef", "DELETE, GET, HEAD")]
    [InlineData("POST", "/schedules/0123456789abcdef/timeline.svg", "GET, HEAD")]
    public async Task A_wrong_verb_is_told_the_right_ones_in_a_problem(string verb, string path, string allowed)
    {
        var answer = await Service.SendAsync(new HttpMethod(verb), path);
        answer.Status.ShouldBe(405);
        string.Join(", ", answer.Response.Content.Headers.Allow.Order()).ShouldBe(allowed);
        answer.MediaType.ShouldBe("application/problem+json");
        answer["status"]!.GetValue<int>().ShouldBe(405);
    }

    [Fact]
    public async Task The_head_of_an_error_has_no_body()
    {
        var answer = await Service.SendAsync(HttpMethod.Head, "/nothing");
        (answer.Status, answer.MediaType, answer.Bytes.Length).ShouldBe((404, "application/problem+json", 0));
    }

    private async Task<List<(string Verb, string Path, List<string> Parameters)>> OperationsAsync() =>
    [
        .. from path in (await Service.GetAsync("/swagger/v1/swagger.json"))["paths"]!.AsObject()
           from verb in path.Value!.AsObject()
           select (
               verb.Key.ToUpperInvariant(),
               path.Key.Replace("{id}", _id, StringComparison.Ordinal),
               (verb.Value!["parameters"]?.AsArray() ?? []).Where(each => each!["in"]!.GetValue<string>() == "query")
                   .Select(each => each!["name"]!.GetValue<string>()).ToList()),
    ];
}

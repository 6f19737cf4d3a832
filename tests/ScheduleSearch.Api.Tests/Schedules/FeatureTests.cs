using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Two pipes, slices, recomputing and overlapped pairs: what solve answers, verify takes back.</summary>
public sealed class FeatureTests : IAsyncLifetime
{
    private readonly StubSolver _solver = new();
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(_database.ConnectionString, _solver);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Operations_of_two_pipes_say_which_and_weights_count_for_both()
    {
        var (answer, verified) = await SolveAndVerifyAsync(Requests.With(
            "profile", Profile("""{"devices":2,"placement":"bidirectional","microbatches":2}""", """ "memory":{"weights":[3,4],"activation":1} """)));
        Operations(answer).Select(operation => operation["pipe"]!.GetValue<int>()).Distinct().Order().ShouldBe([0, 1]);
        Operations(answer).ShouldAllBe(operation => operation["slice"] == null);
        answer["weightMemory"]!.ToJsonString().ShouldBe("[7,7]");
        verified["weightMemory"]!.ToJsonString().ShouldBe("[7,7]");
    }

    [Fact]
    public async Task Operations_of_slices_say_which()
    {
        var (answer, _) = await SolveAndVerifyAsync(Requests.With(
            "profile", Profile("""{"devices":2,"microbatches":2}""", """ "slices":{"count":3,"keyValue":0.5},"memory":{"limit":9,"activation":3} """)));
        Operations(answer).Select(operation => operation["slice"]!.GetValue<int>()).Distinct().Order().ShouldBe([0, 1, 2]);
        Operations(answer).ShouldAllBe(operation => operation["pipe"] == null);
        answer["weightMemory"].ShouldBeNull();
    }

    [Fact]
    public async Task Stages_that_recompute_say_when()
    {
        var (answer, _) = await SolveAndVerifyAsync(Requests.With(
            "profile", Profile("""{"devices":2,"microbatches":2}""", """ "recompute":{"kept":0,"choose":[1]},"memory":{"activation":1} """)));
        Operations(answer).Where(operation => operation["op"]!.GetValue<string>() == "recompute")
            .Select(operation => operation["stage"]!.GetValue<int>()).ShouldBe([1, 1]);
    }

    /// <summary>Forwards of 4 and 1, backwards of 2 and 6, all on one device.</summary>
    [Theory]
    [InlineData("""{"duration":[[4,9],[3,6.5]]}""", 9)]
    [InlineData("""{"gain":[[1,0.25],[0,0.5]]}""", 9)]
    [InlineData("""{"gain":0.5}""", 8)]
    [InlineData("""{"duration":[8,6.5]}""", 8)]
    public async Task A_pair_takes_what_the_two_stages_take_together(string overlap, int end)
    {
        Operation[] order =
        [
            Operation.Forward(0, 0), Operation.Forward(1, 0), Operation.Forward(0, 1).InPair(PlaceInPair.First),
            Operation.Backward(1, 0).InPair(PlaceInPair.Second), Operation.Backward(0, 0), Operation.Forward(1, 1), Operation.Backward(1, 1),
            Operation.Backward(0, 1),
        ];
        _solver.OnSearch = (problem, _, _, _, _) =>
            Task.FromResult(Solution.Verified(Schedule.Of(problem, [order]), "pairs", BoundCatalogue.Best(problem)));
        var profile = JsonNode.Parse(
            """
            {"pipeline":{"devices":1,"chunks":2,"placement":"interleaved","microbatches":2},
             "times":{"forward":[4,1],"backwardInput":[1,5],"backwardWeight":1}}
            """)!;
        profile["overlap"] = JsonNode.Parse(overlap);
        var (answer, verified) = await SolveAndVerifyAsync(Requests.With("profile", profile.ToJsonString()));
        var pair = answer["devices"]![0]![2]!;
        (pair["start"]!.GetValue<decimal>(), pair["end"]!.GetValue<decimal>()).ShouldBe((5, 5 + end));
        verified["makespan"]!.GetValue<decimal>().ShouldBe(5 + end + 2 + 1 + 6 + 2);
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=native")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_pair_that_overlaps_is_one_entry()
    {
        _solver.OnSearch = (problem, _, _, _, _) => Task.FromResult(Solution.Verified(
            Schedule.Of(problem, [
                [
                    Operation.Forward(0, 0), Operation.Forward(0, 1) with { Kind = OperationKind.OverlappedForward },
                    Operation.Backward(0, 0) with { Kind = OperationKind.OverlappedBackward }, Operation.Backward(0, 1),
                ],
            ]),
            "pairs",
            BoundCatalogue.Best(problem)));
        var body = Requests.With("profile", Profile("""{"devices":1,"microbatches":2}""", """ "overlap":{"duration":2.5} """));
        var (answer, _) = await SolveAndVerifyAsync(body);
        answer["devices"]![0]!.AsArray().Count.ShouldBe(3);
        answer["devices"]![0]![1]!.ToJsonString().ShouldBe(
            """{"op":"overlapped","forward":{"stage":0,"microbatch":1},"backward":{"stage":0,"microbatch":0},"start":1,"end":3.5}""");
        answer["makespan"]!.GetValue<decimal>().ShouldBe(5.5m);

        var claimed = answer["devices"]!.DeepClone();
        claimed[0]![1]!["end"] = 3;
        var broken = await VerifyAsync(body, claimed);
        (broken["violations"]![0]!["rule"]!.GetValue<string>(), broken["violations"]![0]!["position"]!.GetValue<int>()).ShouldBe(("duration", 1));
        claimed[0]![1]!["end"] = 3.5;
        claimed[0]![2]!["start"] = 3;
        claimed[0]![2]!["end"] = 5;
        broken = await VerifyAsync(body, claimed);
        (broken["violations"]![0]!["rule"]!.GetValue<string>(), broken["violations"]![0]!["position"]!.GetValue<int>()).ShouldBe(("lane", 2));
    }

    [Fact]
    public async Task A_pair_that_waits_for_itself_deadlocks()
    {
        var broken = await VerifyAsync(
            Requests.With("profile", Profile("""{"devices":1,"microbatches":1}""", """ "name":"pair" """)),
            JsonNode.Parse("""[[{"op":"overlapped","forward":{"stage":0,"microbatch":0},"backward":{"stage":0,"microbatch":0}}]]""")!);
        broken["valid"]!.GetValue<bool>().ShouldBeFalse();
        broken["violations"]![0]!["rule"]!.GetValue<string>().ShouldBe("deadlock");
        broken["violations"]![0]!["position"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"op":"overlapped","stage":0,"microbatch":0}""", "$.devices[0][0].forward", "$.devices[0][0].stage")]
    [InlineData("""{"op":"overlapped","forward":{"stage":0,"microbatch":0}}""", "$.devices[0][0].backward", null)]
    [InlineData("""{"op":"overlapped","forward":{"stage":0,"microbatch":0},"backward":{"stage":0}}""", "$.devices[0][0].backward.microbatch", null)]
    [InlineData(
        """{"op":"overlapped","forward":{"op":"forward","stage":0,"microbatch":0},"backward":7}""", "$.devices[0][0].forward.op", "$.devices[0][0].backward")]
    [InlineData("""{"op":"overlappedForward","stage":0,"microbatch":0}""", "$.devices[0][0].op", null)]
    [InlineData("""{"op":"forward","stage":0,"microbatch":0,"slice":"a"}""", "$.devices[0][0].slice", null)]
    [InlineData("""{"op":"forward","stage":0,"microbatch":0,"forward":{}}""", "$.devices[0][0].forward", null)]
    public async Task A_malformed_pair_is_named(string operation, string member, string? other)
    {
        var body = Body(Requests.With("profile", Profile("""{"devices":1,"microbatches":1}""", """ "name":"pair" """)), JsonNode.Parse($"[[{operation}]]")!);
        var answer = await Service.PostAsync("/schedules/verify", body);
        answer.Status.ShouldBe(400, answer.Text);
        answer.Members.ShouldContain(member);
        if (other is not null) answer.Members.ShouldContain(other);
    }

    private async Task<(Answer Answer, Answer Verified)> SolveAndVerifyAsync(string body)
    {
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var again = await Service.GetAsync($"/schedules/{answer["id"]}");
        again["devices"]!.ToJsonString().ShouldBe(answer["devices"]!.ToJsonString());
        var verified = await VerifyAsync(body, answer["devices"]!);
        verified["valid"]!.GetValue<bool>().ShouldBeTrue(verified.Text);
        verified["makespan"]!.GetValue<decimal>().ShouldBe(answer["makespan"]!.GetValue<decimal>());
        return (answer, verified);
    }

    private async Task<Answer> VerifyAsync(string body, JsonNode devices)
    {
        var verified = await Service.PostAsync("/schedules/verify", Body(body, devices));
        verified.Status.ShouldBe(200, verified.Text);
        return verified;
    }

    private static JsonNode Body(string solve, JsonNode devices)
    {
        var body = JsonNode.Parse(solve)!;
        body["devices"] = devices.DeepClone();
        return body;
    }

    private static string Profile(string pipeline, string more) =>
        $$"""{"pipeline":{{pipeline}},"times":{"forward":1,"backwardInput":1,"backwardWeight":1},{{more}}}""";

    private static IEnumerable<JsonNode> Operations(Answer answer) =>
        answer["devices"]!.AsArray().SelectMany(device => device!.AsArray()).Select(operation => operation!);
}

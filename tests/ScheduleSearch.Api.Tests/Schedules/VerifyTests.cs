using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Two devices, two microbatches in unit times: F0 F1 B0 B1 on both, broken in every way.</summary>
public sealed class VerifyTests : IAsyncLifetime
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
    public async Task A_valid_order_is_measured_by_replaying_it()
    {
        var answer = await VerifyAsync(Valid());
        answer["valid"]!.GetValue<bool>().ShouldBeTrue();
        answer["violations"]!.AsArray().ShouldBeEmpty();
        answer["makespan"]!.GetValue<decimal>().ShouldBe(9);
        answer["peakMemory"]!.AsArray().Select(peak => peak!.GetValue<decimal>()).ShouldBe([2, 2]);
        answer["lowerBound"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(9);
        answer["meanIdle"]!.GetValue<double>().ShouldBe(1 / 3.0, 1e-12);
        answer["idle"]!.AsArray().Select(idle => (int)idle!["causes"]!["warmUp"]! + 10 * (int)idle["causes"]!["coolDown"]!).ShouldBe([3, 21]);
        answer["limitedBy"]!.ToString()
            .ShouldBe("warm-up and cool-down: idle 33.3 % of the time before a rank's first backward and after its last forward");
    }

    [Fact]
    public async Task Claimed_times_are_checked_too()
    {
        var times = new decimal[][] { [0, 1, 1, 2, 5, 7, 7, 9], [1, 2, 2, 3, 3, 5, 5, 7] };
        ((bool)(await VerifyAsync(Timed(times)))["valid"]!).ShouldBeTrue();
        times[0][4] = 3.5m;
        times[0][5] = 5.5m;
        await ShouldBreakAsync("dependency", 0, 2, Timed(times));
        times[0][5] = 6;
        await ShouldBreakAsync("duration", 0, 2, Timed(times));
        times[0][4] = 1;
        times[0][5] = 3;
        await ShouldBreakAsync("lane", 0, 2, Timed(times));
    }

    [Fact]
    public Task An_operation_on_another_device_breaks_placement() =>
        ShouldBreakAsync("placement", 0, 0, Changed(devices => devices[0]![0]!["stage"] = 1));

    [Fact]
    public Task A_missing_operation_breaks_completeness() =>
        ShouldBreakAsync("completeness", 1, -1, Changed(devices => devices[1]!.AsArray().RemoveAt(3)));

    [Fact]
    public Task A_repeated_operation_breaks_completeness() =>
        ShouldBreakAsync("completeness", 1, 4, Changed(devices => devices[1]!.AsArray().Add(devices[1]![0]!.DeepClone())));

    [Fact]
    public Task An_operation_that_does_not_exist_breaks_completeness() =>
        ShouldBreakAsync("completeness", 0, 1, Changed(devices => devices[0]![1]!["microbatch"] = 2));

    [Fact]
    public Task A_missing_device_breaks_completeness() =>
        ShouldBreakAsync("completeness", 0, -1, Changed(devices => devices.RemoveAt(1)));

    [Fact]
    public Task More_than_a_device_may_hold_breaks_memory() => ShouldBreakAsync("memory", 0, 1, Valid(), limit: 1);

    [Fact]
    public Task Half_a_backward_breaks_split_where_that_is_ruled_out() => ShouldBreakAsync(
        "split", 0, 2, Changed(devices => devices[0]![2]!["op"] = "backwardInput"), splitBackward: false);

    [Fact]
    public Task Devices_that_wait_for_each_other_deadlock() => ShouldBreakAsync("deadlock", 0, 0, Changed(devices =>
    {
        var order = devices[0]!.AsArray();
        var backward = order[2]!.DeepClone();
        order.RemoveAt(2);
        order.Insert(0, backward);
    }));

    [Theory]
    [InlineData("""{"op":"F","stage":0,"microbatch":0}""", "$.devices[0][0].op")]
    [InlineData("""{"op":"forward","stage":0.5,"microbatch":0}""", "$.devices[0][0].stage")]
    [InlineData("""{"op":"forward","stage":0}""", "$.devices[0][0].microbatch")]
    [InlineData("""{"op":"forward","stage":0,"microbatch":0,"lane":"copy"}""", "$.devices[0][0].lane")]
    [InlineData("""{"op":"forward","stage":0,"microbatch":0,"start":0}""", "$.devices[0][0].end")]
    [InlineData("""{"op":"forward","stage":0,"microbatch":0,"start":1e25,"end":1e25}""", "$.devices[0][0].start")]
    [InlineData("7", "$.devices[0][0]")]
    public async Task A_wrong_member_is_named(string operation, string member)
    {
        var answer = await PostAsync(Changed(devices => devices[0]![0] = JsonNode.Parse(operation)));
        answer.Status.ShouldBe(400, answer.Text);
        answer.Members.ShouldContain(member);
    }

    [Fact]
    public async Task What_is_stored_is_verified_by_its_id()
    {
        var solved = await Service.PostAsync("/schedules/solve", Requests.Solve());
        var answer = await Service.PostAsync("/schedules/verify", new JsonObject { ["id"] = solved["id"]!.DeepClone() });
        answer.Status.ShouldBe(200, answer.Text);
        answer["valid"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var figure in new[] { "makespan", "span", "lowerBound", "gap", "bubbleRatio", "peakMemory" })
            answer[figure]!.ToJsonString().ShouldBe(solved[figure]!.ToJsonString(), figure);
    }

    [Theory]
    [InlineData("""{"id":"0000000000000000000000000000000000000000000000000000000000000000"}""", 404, null)]
    [InlineData("""{"id":"../../etc/passwd"}""", 404, null)]
    [InlineData("""{"id":7}""", 400, "$.id")]
    [InlineData("""{"id":"0000000000000000000000000000000000000000000000000000000000000000","devices":[]}""", 400, "$.devices")]
    public async Task A_wrong_id_is_refused(string body, int status, string? member)
    {
        var answer = await Service.PostAsync("/schedules/verify", body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.MediaType.ShouldBe("application/problem+json");
        if (member is not null) answer.Members.ShouldBe([member]);
    }

    private async Task ShouldBreakAsync(string rule, int device, int position, JsonArray devices, decimal limit = 2, bool splitBackward = true)
    {
        var answer = await VerifyAsync(devices, limit, splitBackward);
        answer["valid"]!.GetValue<bool>().ShouldBeFalse();
        var violation = answer["violations"]![0]!;
        violation["rule"]!.GetValue<string>().ShouldBe(rule);
        violation["device"]!.GetValue<int>().ShouldBe(device);
        violation["position"]!.GetValue<int>().ShouldBe(position);
        violation["message"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    private async Task<Answer> VerifyAsync(JsonArray devices, decimal limit = 2, bool splitBackward = true)
    {
        var answer = await PostAsync(devices, limit, splitBackward);
        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }

    private Task<Answer> PostAsync(JsonArray devices, decimal limit = 2, bool splitBackward = true) => Service.PostAsync("/schedules/verify", new JsonObject
    {
        ["profile"] = JsonNode.Parse("""{"pipeline":{"devices":2,"microbatches":2},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""")!.AsObject()
            is var profile && profile.TryAdd("memory", new JsonObject { ["limit"] = limit, ["activation"] = 1 }) ? profile : null,
        ["options"] = new JsonObject { ["splitBackward"] = splitBackward },
        ["devices"] = devices,
    });

    private static JsonArray Changed(Action<JsonArray> change)
    {
        var devices = Valid();
        change(devices);
        return devices;
    }

    private static JsonArray Valid() => [.. Enumerable.Range(0, 2).Select(stage => (JsonNode)new JsonArray(
        Operation("forward", stage, 0), Operation("forward", stage, 1), Operation("backward", stage, 0), Operation("backward", stage, 1)))];

    private static JsonArray Timed(decimal[][] times)
    {
        var devices = Valid();
        for (var device = 0; device < 2; device++)
        {
            for (var position = 0; position < 4; position++)
            {
                devices[device]![position]!["start"] = times[device][2 * position];
                devices[device]![position]!["end"] = times[device][2 * position + 1];
            }
        }

        return devices;
    }

    private static JsonObject Operation(string op, int stage, int microbatch) =>
        new JsonObject { ["op"] = op, ["stage"] = stage, ["microbatch"] = microbatch };
}

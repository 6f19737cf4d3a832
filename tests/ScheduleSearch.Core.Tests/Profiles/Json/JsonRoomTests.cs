using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles.Json;

public sealed class JsonRoomTests
{
    private static readonly JsonRoom Room = new(LongestArray: 4, Elements: 8, Members: 6);

    [Theory]
    [InlineData("""{"a":[1,2,3,4]}""", null)]
    [InlineData("""{"a":[1,2,3,4,5]}""", "$.a")]
    [InlineData("""{"a":{"b":[[1],[1,[4,5,6,7,8]]]}}""", "$.a.b[1][1]")]
    [InlineData("""{"a":[[1,2,3],[1,2,3]]}""", null)]
    [InlineData("""{"a":[[1,2,3],[1,2,3,4]]}""", "$.a[1]")]
    [InlineData("""{"a":[{"b":{}},{"x y":[{},{},{},{},{}]}]}""", "$.a[1]['x y']")]
    [InlineData("""{"a":1,"b":2,"c":3,"d":{"e":5,"f":6}}""", null)]
    [InlineData("""{"a":1,"b":2,"c":3,"d":{"e":5,"f":6,"g":7}}""", "$.d")]
    [InlineData("[1,2,3,4,5]", "$")]
    [InlineData("5", null)]
    public void What_holds_too_much_is_named(string json, string? path) => (Check(Room, json)?.Path).ShouldBe(path);

    [Fact]
    public void The_room_follows_from_the_largest_problem()
    {
        var limits = new ProblemLimits(MaxDevices: 4, MaxStages: 8, MaxMicrobatches: 10, MaxOperations: 240);
        var room = JsonRoom.OfProfile(limits);
        // 240 operations are 80 slices of one stage and microbatch.
        Check(room, $$"""{"forward":{{Numbers(80)}}}""").ShouldBeNull();
        Check(room, $$"""{"forward":{{Numbers(81)}}}""")!.Value.Path.ShouldBe("$.forward");
        var order = JsonRoom.OfOrder(limits);
        Check(order, $$"""{"devices":[{{Numbers(480)}}]}""").ShouldBeNull();
        Check(order, $$"""{"devices":[{{Numbers(481)}}]}""")!.Value.Path.ShouldBe("$.devices[0]");
    }

    [Fact]
    public void The_largest_profile_of_a_service_that_nobody_configured_passes()
    {
        var (devices, stages) = (ProblemLimits.Default.MaxDevices, ProblemLimits.Default.MaxStages);
        var matrix = $"[{string.Join(',', Enumerable.Repeat(Numbers(devices), devices))}]";
        var lists = string.Join(',', Enumerable.Range(0, 10).Select(list => $"\"list{list}\":{Numbers(stages)}"));
        Check(JsonRoom.OfProfile(ProblemLimits.Default), $$"""{"latency":{{matrix}},"bandwidth":{{matrix}},"stageDevices":{{Numbers(2 * stages)}},{{lists}}}""")
            .ShouldBeNull();
    }

    [Fact]
    public void What_is_no_JSON_is_reported_as_such() => Should.Throw<JsonException>(() => Check(Room, "{\"a\":[1,}"));

    private static string Numbers(int count) => $"[{string.Join(',', Enumerable.Repeat(1, count))}]";

    private static ProfileError? Check(JsonRoom room, string json) => room.Check(Encoding.UTF8.GetBytes(json), default);
}

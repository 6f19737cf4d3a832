using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Features.Links;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class TimelineFormatTests
{
    /// <summary>Forwards of 1 and whole backwards of 2 on two devices, under 1F1B: rank 0 waits from 2 to 4 and from 6 to 7, rank 1 from 0 to 1.</summary>
    private static readonly Timeline OneForwardOneBackward = Worked.Of(
        "1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2, limit: 2) with { Name = "by hand" }, splitBackward: false));

    [Fact]
    public void Two_devices_are_told_as_by_hand()
    {
        var told = Streams.Json("timeline", OneForwardOneBackward);
        Text(told, "name").ShouldBe("\"by hand\"");
        Text(told, "chunksOfStages").ShouldBe("[[0,0]]");
        Text(told, "lanes").ShouldBe(
            """[{"device":0,"name":"rank 0","isCompute":true,"operations":4},{"device":1,"name":"rank 1","isCompute":true,"operations":4}]""");
        told.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetProperty("name").GetString()).ShouldBe(["forward", "backward"]);
        Text(told, "phases").ShouldBe(
            """[{"begin":0,"steady":4,"coolDown":4,"end":9,"idle":{"warmUp":2,"steady":0,"coolDown":1},"causes":"""
            + """{"warmUp":2,"coolDown":1,"input":0,"communication":0,"memory":0,"lessWork":0}},"""
            + """{"begin":0,"steady":2,"coolDown":5,"end":9,"idle":{"warmUp":1,"steady":0,"coolDown":2},"causes":"""
            + """{"warmUp":1,"coolDown":2,"input":0,"communication":0,"memory":0,"lessWork":0}}]""");
        told.GetProperty("meanIdle").GetDouble().ShouldBe(1 / 3.0, 1e-12);
        told.GetProperty("limitedBy").GetString()
            .ShouldBe("warm-up and cool-down: idle 33.3 % of the time before a rank's first backward and after its last forward");
        Text(told, "limits").ShouldBe("[2,2]");
        Text(told, "critical").ShouldBe("[0,4,5,6,7,3]");
        Text(told, "operations").ShouldBe(
            """{"kind":[0,0,1,1,0,1,0,1],"stage":[0,0,0,0,1,1,1,1],"microbatch":[0,1,0,1,0,0,1,1],"start":[0,1,4,7,1,2,4,5],"end":[1,2,6,9,2,4,5,7],"acquired":"""
            + """[1,1,0,0,1,0,1,0],"released":[0,0,1,1,0,1,0,1],"after":[-1,0,5,7,0,4,5,6]}""");
    }

    [Fact]
    public void One_rank_is_told_without_what_the_other_does()
    {
        var told = Streams.Json("timeline", OneForwardOneBackward, rank: 1);
        told.GetProperty("lanes").GetArrayLength().ShouldBe(1);
        told.GetProperty("phases").GetArrayLength().ShouldBe(1);
        Text(told, "critical").ShouldBe("[0,1,2,3]");
        Text(told.GetProperty("operations"), "after").ShouldBe("[-1,0,1,2]");
    }

    [Fact]
    public void A_message_is_the_lag_of_what_waits_for_it_or_an_operation_on_its_lane()
    {
        var problem = Linked.Problem(devices: 2, microbatches: 1);
        var asLatency = Streams.Json("timeline", Worked.Of("1f1b", Linked.AsLatency(problem))).GetProperty("operations");
        Text(asLatency, "after").ShouldBe("[-1,3,0,2]");
        Text(asLatency, "lag").ShouldBe("[0,3,3,0]");
        var linked = Streams.Json("timeline", Worked.Of("1f1b", problem));
        linked.GetProperty("lanes").EnumerateArray().Select(lane => lane.GetProperty("name").GetString()).ShouldBe(["rank 0", "0 → 1", "rank 1", "1 → 0"]);
        Text(linked.GetProperty("operations"), "after").ShouldBe("[-1,5,0,2,3,4]");
        linked.GetProperty("operations").TryGetProperty("lag", out _).ShouldBeFalse();
    }

    [Property(MaxTest = 200)]
    public void The_columns_are_those_of_the_timeline(Seed seed)
    {
        var timeline = seed.Item % 3 == 0 ? Replay.Run(Linked.Draw(new Random(seed.Item))) : FeaturedSchedules.Draw(seed);
        var (problem, told) = (timeline.Schedule.Problem, Streams.Json("timeline", timeline));
        var (kinds, columns) = (told.GetProperty("kinds"), told.GetProperty("operations"));
        var values = columns.EnumerateObject()
            .ToDictionary(column => column.Name, column => column.Value.EnumerateArray().Select(item => item.GetDecimal()).ToArray());
        var lanes = told.GetProperty("lanes").EnumerateArray()
            .SelectMany(lane => Enumerable.Repeat(lane.GetProperty("device").GetInt32(), lane.GetProperty("operations").GetInt32())).ToList();
        lanes.Count.ShouldBe(timeline.Graph.Count);
        var held = new decimal[problem.Devices];
        for (var place = 0; place < lanes.Count; place++)
        {
            var kind = OperationKinds.All.Single(facts => facts.Name == kinds[(int)At("kind")].GetProperty("name").GetString()).Kind;
            var operation = new Operation(kind, (int)At("pipe"), (int)At("stage"), (int)At("microbatch"))
            {
                Slice = (int)At("slice"),
                Item = kind == OperationKind.Fill ? told.GetProperty("items")[(int)At("item")].GetString() : null,
            };
            var index = timeline.Graph.IndexOf(operation);
            var order = timeline.Schedule.OrderOf(lanes[place]);
            var timed = operation.EndsPair ? order[order.IndexOf(index) - 1] : index;
            timeline.Graph.DeviceOf(index).ShouldBe(lanes[place]);
            At("start").ShouldBe(problem.TimeScale.FromTicks(timeline.StartOf(timed)));
            At("end").ShouldBe(problem.TimeScale.FromTicks(timeline.EndOf(timed)));
            if (At("after") >= 0) At("start").ShouldBe(values["end"][(int)At("after")] + At("lag"));
            else if (problem.Objective == Objective.Makespan) At("start").ShouldBe(0);
            held[lanes[place]] += At("acquired") - At("released");

            decimal At(string name) => values.TryGetValue(name, out var column) ? column[place] : 0;
        }

        held.ShouldAllBe(left => left == 0);
        told.GetProperty("phases").EnumerateArray().Sum(phase => phase.GetProperty("idle").EnumerateObject().Sum(idle => idle.Value.GetDecimal()))
            .ShouldBe(ScheduleMetrics.Of(timeline).Idle.Sum(idle => problem.TimeScale.FromTicks(idle.WarmUp + idle.Steady + idle.CoolDown)));
        if (problem.Placement.Pipes > 1 && problem.FrozenStages < problem.Stages)
            told.GetProperty("sums").GetArrayLength().ShouldBe(problem.Stages - problem.FrozenStages);
    }

    private static string Text(JsonElement told, string member) => told.GetProperty(member).GetRawText();
}

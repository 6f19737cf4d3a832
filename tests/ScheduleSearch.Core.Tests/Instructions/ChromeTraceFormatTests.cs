using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class ChromeTraceFormatTests
{
    [Fact]
    public void Operations_are_complete_events_in_microseconds_on_the_thread_of_their_rank()
    {
        var events = Events(Worked.Of("zb-h1"));
        events.Where(item => Phase(item) == "M").Select(item => item.GetProperty("args").GetProperty("name").GetString()).ShouldBe(["rank 0", "rank 1", "rank 2", "rank 3"]);
        events.Count(item => Phase(item) == "X").ShouldBe(4 * 8 * 3);
        events.First(item => Phase(item) == "X" && item.GetProperty("name").GetString() == "I0" && item.GetProperty("tid").GetInt32() == 3).GetRawText()
            .ShouldBe("""{"name":"I0","ph":"X","pid":0,"tid":3,"cat":"backwardInput","ts":4000,"dur":1000,"args":{"stage":3,"microbatch":0}}""");
    }

    [Property(MaxTest = 100)]
    public void Arrows_join_boxes_and_the_counter_peaks_where_the_answer_does(Seed seed)
    {
        var timeline = RandomSchedules.Draw(seed);
        var problem = timeline.Schedule.Problem;
        var events = Events(timeline);
        var boundaries = Enumerable.Range(1, problem.Stages - 1).Count(stage => problem.Placement.DeviceOf(0, stage - 1) != problem.Placement.DeviceOf(0, stage));
        foreach (var phase in new[] { "s", "f" })
        {
            var arrows = events.Where(item => Phase(item) == phase).ToList();
            arrows.Count.ShouldBe(2 * boundaries * problem.Microbatches);
            arrows.ShouldAllBe(arrow => events.Any(item => Phase(item) == "X" && Rank(item) == Rank(arrow) && Time(item) == Time(arrow)));
        }

        var peaks = ScheduleMetrics.Of(timeline).PeakMemory;
        for (var rank = 0; rank < problem.Devices; rank++)
        {
            var unit = (problem.Profile.Memory?.Unit ?? MemoryUnit.MiB).ToString();
            events.Where(item => Phase(item) == "C" && Rank(item) == rank).Select(item => item.GetProperty("args").GetProperty(unit).GetDecimal()).Append(0).Max()
                .ShouldBe(problem.MemoryScale.FromTicks(peaks[rank]));
        }
    }

    [Property(MaxTest = 100)]
    public void Pairs_are_boxes_and_sums_are_marks_on_both_ranks(Seed seed)
    {
        var timeline = FeaturedSchedules.Draw(seed);
        var (problem, operations) = (timeline.Schedule.Problem, timeline.Graph.Operations.ToArray());
        var events = Events(timeline);
        events.Count(item => Phase(item) == "X").ShouldBe(operations.Count(operation => operation.Kind != OperationKind.OverlappedBackward));
        foreach (var pair in events.Where(item => Phase(item) == "X" && item.GetProperty("cat").GetString() == "overlapped"))
            pair.GetProperty("args").GetProperty("forward").GetProperty("stage").GetInt32().ShouldBeLessThan(problem.Stages);
        events.Where(item => Phase(item) is "s" or "f").ShouldAllBe(arrow => events.Any(item => Phase(item) == "X" && Rank(item) == Rank(arrow) && Time(item) == Time(arrow)));
        events.Count(item => Phase(item) == "s").ShouldBe(events.Count(item => Phase(item) == "f"));
        var sums = Lowering.Of(timeline).SelectMany(stream => stream.Instructions.Where(instruction => instruction.Kind == InstructionKind.AllReduce).Select(sum => (stream.Rank, sum.Operation.Stage)));
        events.Where(item => Phase(item) == "i").Select(item => (Rank(item), item.GetProperty("args").GetProperty("stage").GetInt32())).ShouldBe(sums, ignoreOrder: true);
    }

    [Fact]
    public void A_pair_names_both_of_its_microbatches()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional") with { Overlap = new() { Duration = 2.5m } };
        Events(Worked.Of("dualpipe", Problem.Create(profile))).Select(item => item.GetRawText()).ShouldContain(
            """{"name":"F3 B0","ph":"X","pid":0,"tid":0,"cat":"overlapped","ts":5000,"dur":2500.0,"args":{"forward":{"pipe":1,"stage":1,"microbatch":3},"backward":{"pipe":0,"stage":0,"microbatch":0}}}""");
    }

    [Fact]
    public void One_rank_has_no_arrows()
    {
        var events = Events(Worked.Of("zb-h1"), rank: 2);
        events.ShouldAllBe(item => Rank(item) == 2);
        events.ShouldNotContain(item => Phase(item) == "s" || Phase(item) == "f");
    }

    private static List<JsonElement> Events(Timeline timeline, int? rank = null) => [.. Streams.Json("chrome-trace", timeline, rank).GetProperty("traceEvents").EnumerateArray()];

    private static string Phase(JsonElement item) => item.GetProperty("ph").GetString()!;

    private static int Rank(JsonElement item) => item.GetProperty("tid").GetInt32();

    private static decimal Time(JsonElement item) => item.GetProperty("ts").GetDecimal();
}

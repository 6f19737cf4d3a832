using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
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

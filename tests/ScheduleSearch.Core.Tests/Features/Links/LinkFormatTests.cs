using System.Text.RegularExpressions;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>Formats that list lanes tell of messages; the others say what they say of the same order with latency.</summary>
public class LinkFormatTests
{
    private static readonly Timeline OneForwardOneBackward = Worked.Of("1f1b", Linked.Problem(devices: 2, microbatches: 3));

    [Fact]
    public void Native_says_of_each_send_when_it_has_the_link()
    {
        var instructions = Streams.Json("native", OneForwardOneBackward).GetProperty("ranks")[0].GetProperty("instructions").EnumerateArray()
            .Select(instruction => instruction.GetRawText()).ToList();
        instructions.ShouldContain("""{"op":"send","peer":1,"what":"activation","stage":0,"microbatch":0,"start":1,"end":4,"slack":0,"priority":23}""");
        instructions.ShouldContain("""{"op":"send","peer":1,"what":"activation","stage":0,"microbatch":1,"start":4,"end":7,"slack":6,"priority":14}""");
        Streams.Text("native", Latency(OneForwardOneBackward)).ShouldNotContain("\"activation\",\"stage\":0,\"microbatch\":0,\"start\"");
    }

    [Theory]
    [InlineData(Exclusivity.Link, "rank 0 link to 1")]
    [InlineData(Exclusivity.Device, "rank 0 link")]
    public void Chrome_trace_has_a_thread_for_each_link_with_its_messages(Exclusivity exclusive, string name)
    {
        var timeline = Worked.Of("1f1b", Linked.Problem(devices: 2, microbatches: 3, exclusive: exclusive));
        var events = Streams.Json("chrome-trace", timeline).GetProperty("traceEvents").EnumerateArray().ToList();
        var threads = events.Where(item => item.GetProperty("ph").GetString() == "M")
            .ToDictionary(item => item.GetProperty("args").GetProperty("name").GetString()!, item => item.GetProperty("tid").GetInt32());
        threads.Count.ShouldBe(4);
        events.Where(item => item.GetProperty("ph").GetString() == "X" && item.GetProperty("tid").GetInt32() == threads[name])
            .Select(item => (item.GetProperty("cat").GetString(), item.GetProperty("ts").GetDecimal(), item.GetProperty("dur").GetDecimal()))
            .ShouldBe(Linked.Messages(timeline).Take(3).Select(message => ((string?)"send", message.Start * 1000m, 3000m)));
    }

    [Fact]
    public void Svg_draws_a_box_for_each_message()
    {
        var picture = Streams.Text("svg", OneForwardOneBackward);
        picture.ShouldContain("send of stage 0, microbatch 1: 4 to 7 ms");
        picture.ShouldContain("sendGradient of stage 1, microbatch 2");
        Streams.Text("svg", Latency(OneForwardOneBackward)).ShouldNotContain("send of");
    }

    [Fact]
    public void Formats_that_list_no_lanes_write_the_same_order_with_latency()
    {
        var compared = 0;
        foreach (var (family, placement, chunks, split) in new[] { ("1f1b", "linear", 1, false), ("zb-h1", "linear", 1, true), ("interleaved-1f1b", "interleaved", 2, false), ("zb-v", "v", 2, true) })
        {
            var linked = Worked.Of(family, Linked.Problem(4, 8, chunks, placement, latency: 1, exclusive: Exclusivity.Link, split: split));
            foreach (var format in InstructionFormatCatalogue.All.Where(format => format.Name is not ("native" or "chrome-trace" or "svg" or "csv" or "timeline")))
            {
                var refusal = format.WhyNot(Latency(linked));
                format.WhyNot(linked).ShouldBe(refusal, $"{family}, {format.Name}");
                if (refusal is not null) continue;
                (Untimed(format.Name, linked) == Untimed(format.Name, Latency(linked))).ShouldBeTrue($"{family}, {format.Name}");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(8);
    }

    [Fact]
    public void Every_family_takes_links_and_serves_them_in_turn()
    {
        var problem = Linked.Problem(devices: 4, microbatches: 8, split: true);
        var families = FamilyCatalogue.Admitted(problem).ToList();
        families.Select(family => family.Name).ShouldBe(FamilyCatalogue.Admitted(Linked.AsLatency(problem)).Select(family => family.Name));
        foreach (var family in families)
        {
            var timeline = Replay.Run(family.ScheduleOf(problem));
            Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty(family.Name);
            ScheduleMetrics.Of(timeline).Makespan.ShouldBeGreaterThanOrEqualTo(ScheduleMetrics.Of(Latency(timeline)).Makespan, family.Name);
        }
    }

    /// <summary>A stream without the id of its problem and the times that some formats note.</summary>
    private static string Untimed(string format, Timeline timeline) =>
        Regex.Replace(Streams.Text(format, timeline), "\"(id|(start_|completion_)?time|makespan|span|start|end)\":[^,}]+", "");

    /// <summary>The same order of the devices, with latency.</summary>
    private static Timeline Latency(Timeline timeline) => Replay.Run(Schedule.Of(
        Linked.AsLatency(timeline.Schedule.Problem),
        [.. Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(device => timeline.Schedule.OperationsOn(device).ToArray())]));
}

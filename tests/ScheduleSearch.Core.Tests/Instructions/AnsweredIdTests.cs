using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>A schedule may be answered under another id than its problem's: that of the family that was asked for.</summary>
public class AnsweredIdTests
{
    private static readonly string Id = new('f', 64);

    /// <summary>Without links and with them, which most formats write as latency.</summary>
    public static TheoryData<bool> Links => [false, true];

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_format_names_the_id_that_the_schedule_is_answered_under(bool hasLinks)
    {
        var timeline = Timeline(hasLinks).AnsweredUnder(Id);
        var told = new List<string>();
        foreach (var format in InstructionFormatCatalogue.All.Where(format => format.WhyNot(timeline) is null))
        {
            HeadOf(timeline, format).GetProperty("id").GetString().ShouldBe(Id, format.Name);
            if (format.MediaType != "application/json") continue;
            Streams.Json(format.Name, timeline).GetProperty("id").GetString().ShouldBe(Id, format.Name);
            told.Add(format.Name);
        }

        told.ShouldBe(["native", "megatron-zb", "deepspeed", "jaxpp", "nnscaler", "chrome-trace", "timeline"], ignoreOrder: true);
    }

    [Fact]
    public void The_id_is_the_problems_own_unless_it_is_said()
    {
        var timeline = Timeline(hasLinks: false);
        timeline.Id.ShouldBe(timeline.Schedule.Problem.Id);
        timeline.AnsweredUnder(timeline.Id).ShouldBeSameAs(timeline);
    }

    [Fact]
    public void Timelines_that_follow_from_another_keep_its_id()
    {
        var timeline = Timeline(hasLinks: true).AnsweredUnder(Id);
        var alone = timeline.OnDevices();
        alone.ShouldNotBeSameAs(timeline);
        alone.Id.ShouldBe(Id);
        alone.IsOnDevicesAlone.ShouldBeTrue();
        var again = alone.WithOrders([.. Enumerable.Range(0, 4).Select(device => alone.Schedule.OperationsOn(device).ToList())]);
        (again.Id, again.IsOnDevicesAlone).ShouldBe((Id, true));
        alone.AnsweredUnder("other").IsOnDevicesAlone.ShouldBeTrue();
    }

    private static Timeline Timeline(bool hasLinks)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8);
        var plain = Worked.Of("1f1b", Problem.Create(profile, splitBackward: false));
        if (!hasLinks) return plain;
        var linked = profile with { Times = profile.Times with { Communication = new() { Latency = 0.25m, Exclusive = Exclusivity.Device } } };
        return Replay.Run(Schedule.Of(
            Problem.Create(linked, splitBackward: false), [.. Enumerable.Range(0, 4).Select(device => plain.Schedule.OperationsOn(device).ToList())]));
    }

    private static JsonElement HeadOf(Timeline timeline, IInstructionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamHead.Write(timeline, format, output);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}

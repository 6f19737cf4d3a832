using System.Buffers;
using System.Text;
using System.Xml.Linq;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions.Pictures;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class SvgFormatTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_operation_is_a_box_with_its_microbatch_and_times()
    {
        var picture = Drawn(Worked.Of("zb-h1", profileName: "zero bubble"));

        picture.Elements(Svg + "title").Single().Value.ShouldBe("zero bubble");
        var boxes = picture.Descendants(Svg + "rect").Where(box => box.Element(Svg + "title") is not null).ToList();
        boxes.Count.ShouldBe(4 * 8 * 3);
        boxes.Count(box => box.Value.StartsWith("backwardInput of stage 3, microbatch 0: 4 to 5 ms", StringComparison.Ordinal)).ShouldBe(1);
        picture.Descendants(Svg + "text").Select(text => text.Value).ShouldContain("rank 3");
        picture.Value.ShouldContain("makespan 27 ms · span 27 ms · bubble 11.1 % of the makespan");
        // Forwards, input gradients, weight gradients: three colours of one chunk.
        boxes.Select(box => box.Parent!.Attribute("fill")!.Value).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Chunks_differ_in_shade() =>
        Drawing.Of(Worked.Of("zb-v", "v", chunks: 2)).Boxes.Select(box => box.Parent!.Attribute("fill")!.Value).Distinct().Count().ShouldBe(6);

    [Fact]
    public void One_rank_can_be_drawn_alone()
    {
        var picture = Drawn(Worked.Of("zb-h1"), rank: 2);
        picture.Descendants(Svg + "rect").Count(box => box.Element(Svg + "title") is not null).ShouldBe(8 * 3);
        picture.Descendants(Svg + "text").Count(text => text.Value.StartsWith("rank ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("<&\">'", "<&\">'")]
    [InlineData("]]> <script>alert(1)</script>", "]]> <script>alert(1)</script>")]
    [InlineData("a\u0000b\u001fc\uFFFE", "a\uFFFDb\uFFFDc\uFFFD")]
    public void A_name_cannot_break_the_picture(string name, string shown) =>
        Drawn(Worked.Of("1f1b", profileName: name)).Elements(Svg + "title").Single().Value.ShouldBe(shown);

    [Fact]
    public void Half_a_character_is_replaced() =>
        Drawn(Worked.Of("1f1b", profileName: "\uD83D\uDE80 \uD83D")).Elements(Svg + "title").Single().Value.ShouldBe("\uD83D\uDE80 \uFFFD");

    [Property(MaxTest = 100)]
    public void Any_name_and_any_schedule_give_well_formed_xml(string? name, Seed seed)
    {
        var schedule = RandomSchedules.Draw(seed).Schedule;
        var problem = schedule.Problem;
        var named = Problem.Create(problem.Profile with { Name = name }, problem.Objective, problem.SplitBackward);
        var orders = Enumerable.Range(0, problem.Devices).Select(device => schedule.OperationsOn(device).ToArray());
        Drawn(Replay.Run(Schedule.Of(named, [.. orders]))).Name.ShouldBe(Svg + "svg");
    }

    [Fact]
    public void The_two_of_a_pair_share_a_box_and_sums_are_marked()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional") with { Overlap = new() { Duration = 2.5m } };
        var picture = Drawn(Worked.Of("dualpipe", Problem.Create(profile)));
        var halves = picture.Descendants(Svg + "rect").Where(box => box.Value.StartsWith("overlapped", StringComparison.Ordinal)).ToList();
        halves.Count.ShouldBe(4);
        halves.Select(half => (half.Attribute("x")!.Value, half.Attribute("width")!.Value)).Distinct().Count().ShouldBe(1);
        halves.Select(half => half.Attribute("height")!.Value).Distinct().ShouldBe(["14"]);
        halves.Select(half => half.Parent!.Attribute("fill")!.Value).Distinct().Count().ShouldBe(4, "of each kind and pipe a shade");
        picture.Descendants(Svg + "title").Count(title => title.Value.StartsWith("all-reduce of stage", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Property(MaxTest = 100)]
    public void Any_schedule_of_two_pipes_slices_or_pairs_can_be_drawn(Seed seed)
    {
        var timeline = FeaturedSchedules.Draw(seed);
        Drawing.Of(timeline).Operations.ShouldBe(timeline.Graph.Count);
        const decimal From = 0.97m;
        var scale = timeline.Schedule.Problem.TimeScale;
        var later = Enumerable.Range(0, timeline.Graph.Count).Where(operation => scale.FromTicks(timeline.EndOf(operation)) > From);
        var part = Drawing.Of(timeline, new PictureView { From = From, Width = PictureView.LeastWidth, ShowsMemory = true });
        part.Operations.ShouldBe(later.Count());
    }

    [Fact]
    public void One_operation_has_a_picture() =>
        Drawn(Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 1, microbatches: 1))))
            .Descendants(Svg + "rect").Count(box => box.Element(Svg + "title") is not null).ShouldBe(2);

    private static XElement Drawn(Timeline timeline, int? rank = null)
    {
        var output = new ArrayBufferWriter<byte>();
        InstructionFormatCatalogue.Find("svg")!.Write(timeline, rank, output);
        return XDocument.Parse(Encoding.UTF8.GetString(output.WrittenSpan)).Root!;
    }
}

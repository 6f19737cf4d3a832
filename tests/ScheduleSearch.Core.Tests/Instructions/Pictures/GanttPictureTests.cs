using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Features.Links;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions.Pictures;

public partial class GanttPictureTests
{
    [Fact]
    public void The_head_says_what_the_schedule_costs_and_how_good_it_is()
    {
        var timeline = Worked.Of("1f1b", "linear");
        const string Costs = "makespan 33 ms · span 33 ms · bubble 27.3 % of the makespan · mean idle 27.3 %";
        Drawing.Of(timeline).Texts.ShouldContain("linear, p = 4, m = 8");
        Drawing.Of(timeline).Texts.ShouldContain(Costs);
        Drawing.Of(timeline.Called("mine")).Texts.ShouldContain($"linear, p = 4, m = 8 · {Costs}");
        var drawing = Drawing.Of(timeline, figures: new SearchFigures("feasible", 27.50m, "head-tail", 0.16667, "1f1b"));
        drawing.Texts.ShouldContain("feasible · bound 27.5 ms (head-tail) · gap 16.7 % · method 1f1b");
        Drawing.Of(timeline, figures: new SearchFigures("running", 32.999m, "window", 0.00003, "windows")).Texts
            .ShouldContain("running · bound 32.999 ms (window) · gap below 0.1 % · method windows");
    }

    [Fact]
    public void Mean_idle_counts_every_device_and_the_bubble_the_busiest_one()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 1) with
        {
            Times = new() { Forward = StageValues.Each([1, 3]), BackwardInput = 0, BackwardWeight = 0 },
        };
        Drawing.Of(Worked.Of("1f1b", Problem.Create(profile))).Texts
            .ShouldContain(text => text.EndsWith("bubble 25.0 % of the makespan · mean idle 50.0 %", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_is_drawn_on_an_axis_of_its_own_and_boxes_still_tell_their_whole_times()
    {
        var timeline = Worked.Of("zb-h1");
        var drawing = Drawing.Of(timeline, new PictureView { From = 10.5m, To = 15, Ranks = [1, 3], Width = 1000 });
        drawing.Width.ShouldBe(1000);
        drawing.Texts.ShouldContain("shown from 10.5 to 15 ms · 2 of 4 ranks");
        drawing.Texts.Where(text => text.StartsWith("rank ", StringComparison.Ordinal)).ShouldBe(["rank 1", "rank 3"]);
        drawing.Texts.ShouldContain("10.5");
        drawing.Texts.ShouldNotContain("10");
        drawing.Boxes.Count.ShouldBe(2 * 5);
        drawing.Titles.ShouldContain(title => title.EndsWith(": 10 to 11 ms", StringComparison.Ordinal));
        var left = drawing.Boxes.Min(box => Drawing.Number(box, "x"));
        var right = drawing.Boxes.Max(box => Drawing.Number(box, "x") + Drawing.Number(box, "width"));
        left.ShouldBe(72);
        right.ShouldBe(1000 - 28, tolerance: 2);
        Drawing.Number(drawing.Boxes.Single(box => box.Value.StartsWith("forward of stage 1, microbatch 4:", StringComparison.Ordinal)), "width")
            .ShouldBe(900 / 4.5 / 2, tolerance: 2, "half of it is to the left");
    }

    [Fact]
    public void Two_pictures_can_have_one_axis()
    {
        var drawing = Drawing.Of(Worked.Of("zb-h1"), new PictureView { To = 54, Width = 1100 });
        drawing.Boxes.Max(box => Drawing.Number(box, "x") + Drawing.Number(box, "width")).ShouldBe(72 + 500, tolerance: 2);
        drawing.All("rect").Where(row => (string?)row.Attribute("fill") == SchedulePalette.Idle && Drawing.Number(row, "height") > 20)
            .ShouldAllBe(row => Drawing.Number(row, "width") == 500, "after its end nothing is idle");
    }

    [Fact]
    public void Every_box_has_its_label_where_that_has_room_and_none_where_it_has_not()
    {
        var timeline = Worked.Of("zb-h1", Problem.Create(Shape.Profile(devices: 16, microbatches: 48)));
        var whole = Drawing.Of(timeline);
        whole.Labels.Count.ShouldBe(16 * 48 * 3, "as wide as they need");
        whole.Operations.ShouldBe(16 * 48 * 3);
        var narrow = Drawing.Of(timeline, new PictureView { Width = 2000 });
        narrow.Labels.ShouldNotBeEmpty();
        narrow.Labels.ShouldAllBe(label => label.Length == 1);
        Drawing.Of(timeline, new PictureView { Width = 400 }).Labels.ShouldBeEmpty();
        var part = Drawing.Of(timeline, new PictureView { Width = 400, From = 100, To = 110 });
        part.Labels.Count.ShouldBe(part.Boxes.Count);
    }

    [Fact]
    public void The_legend_has_as_many_shades_as_chunks_and_what_is_drawn_alone()
    {
        var timeline = Worked.Of("interleaved-1f1b", "interleaved", chunks: 8);
        var drawing = Drawing.Of(timeline);
        var shades = Enumerable.Range(0, 8).Select(chunk => SchedulePalette.Of(OperationKind.Forward, chunk, 8)).ToList();
        drawing.All("rect").Select(swatch => (string?)swatch.Attribute("fill")).Where(fill => fill is not null && shades.Contains(fill)).ShouldBe(shades);
        Drawing.Of(timeline, new PictureView { To = 2 }).Texts.ShouldNotContain("backward");
    }

    [Fact]
    public void Sums_over_two_pipes_stand_in_the_legend_where_there_are_any()
    {
        var timeline = Worked.Of("dualpipe", "bidirectional");
        var drawing = Drawing.Of(timeline);
        drawing.Texts.ShouldContain("all-reduce");
        drawing.Titles.Count(title => title.StartsWith("all-reduce of stage", StringComparison.Ordinal)).ShouldBe(8);
        Drawing.Of(timeline, new PictureView { To = 3 }).Texts.ShouldNotContain("all-reduce");
    }

    [Fact]
    public void The_memory_of_each_rank_stands_below_its_row_with_its_limit()
    {
        var timeline = Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 4, microbatches: 8, limit: 5)));
        Drawing.Of(timeline).Texts.ShouldNotContain("limit 5");
        var drawing = Drawing.Of(timeline, new PictureView { ShowsMemory = true });
        drawing.Texts.Where(text => text.StartsWith("peak ", StringComparison.Ordinal)).ShouldBe(["peak 4", "peak 3", "peak 2", "peak 1"]);
        drawing.Texts.Count(text => text == "limit 5").ShouldBe(4);
        drawing.Texts.ShouldContain("activations held, in MiB");
        drawing.Titles.ShouldContain("activations of rank 1: at most 3 MiB of 5 MiB");
        Curves(drawing).Select(curve => HeightsOf(curve).Distinct().Count()).ShouldBe([5, 4, 3, 2], "none to as many as its peak");

        var part = Drawing.Of(timeline, new PictureView { ShowsMemory = true, From = 8, To = 9, Ranks = [0] });
        HeightsOf(Curves(part).Single()).Distinct().Count().ShouldBe(2, "four all the time, and the ground");
        part.Texts.ShouldContain("peak 4");
        Drawing.Of(Worked.Of("1f1b"), new PictureView { ShowsMemory = true }).Texts.ShouldNotContain("limit");
    }

    [Fact]
    public void The_links_of_a_rank_stand_below_it()
    {
        var timeline = Worked.Of("1f1b", Linked.Problem(devices: 3, microbatches: 4, exclusive: Exclusivity.Link));
        var drawing = Drawing.Of(timeline, new PictureView { Ranks = [1], ShowsMemory = true });
        drawing.Texts.Where(text => text.StartsWith("rank ", StringComparison.Ordinal) || text.Contains('→', StringComparison.Ordinal))
            .ShouldBe(["rank 1", "1 → 0", "1 → 2"]);
        drawing.Operations.ShouldBe(4 * 4);
        Curves(drawing).Count().ShouldBe(1, "links hold nothing");
    }

    [Theory]
    [InlineData(64, 1, 1000)]
    [InlineData(8, 8, 300)]
    public void However_many_operations_there_are_all_are_told_of_and_the_picture_stays_small(int devices, int chunks, int microbatches)
    {
        var placement = chunks == 1 ? "linear" : "interleaved";
        var problem = Problem.Create(Shape.Profile(devices, microbatches, chunks, placement));
        var timeline = Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, devices).Select(device => StageByStage(problem, device))]));
        var drawing = Drawing.Of(timeline, new PictureView { Width = PictureView.MostWidth, ShowsMemory = true });
        drawing.Operations.ShouldBe(devices * chunks * microbatches * 3);
        drawing.Bytes.ShouldBeLessThan(6_000_000);
        drawing.Boxes.ShouldContain(box => box.Value.Contains("operations, ", StringComparison.Ordinal));
        var part = Drawing.Of(timeline, new PictureView { From = 20, To = 60, Ranks = [0, 1] });
        part.Boxes.ShouldAllBe(box => box.Value.Contains("of stage", StringComparison.Ordinal));
        part.Boxes.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_shares_a_box_has_as_much_of_it_as_of_the_time()
    {
        var timeline = Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 1, microbatches: 6000, forward: 1, backwardInput: 1, backwardWeight: 2)));
        var drawing = Drawing.Of(timeline, new PictureView { Width = 1100 });
        drawing.Operations.ShouldBe(12_000);
        drawing.Texts.ShouldContain("what is too narrow for a box of its own shares one with its neighbours");
        var painted = drawing.All("path").Where(path => path.Attribute("fill") is not null)
            .ToDictionary(path => path.Attribute("fill")!.Value, path => Part().Matches(path.Attribute("d")!.Value)
                .Sum(part => Number(part, 1) * Number(part, 2)));
        painted[SchedulePalette.Of(OperationKind.Forward, 0, 1)].ShouldBe(1000 * 28 / 4.0, tolerance: 100);
        painted[SchedulePalette.Of(OperationKind.Backward, 0, 1)].ShouldBe(1000 * 28 * 3 / 4.0, tolerance: 100);
    }

    [Fact]
    public void In_a_narrow_picture_the_head_takes_more_lines()
    {
        var timeline = Worked.Of("zb-v", "v", chunks: 2);
        var figures = new SearchFigures("optimal", 27, "head-tail", 0, "zb-v");
        var drawing = Drawing.Of(timeline, new PictureView { Width = PictureView.LeastWidth }, figures);
        foreach (var text in drawing.All("text").Where(text => text.Attribute("text-anchor") is null && text.Value.Length < 50))
            (Drawing.Number(text, "x") + text.Value.Length * 6).ShouldBeLessThan(PictureView.LeastWidth, text.Value);
        drawing.Texts.ShouldContain(text => text.EndsWith("method zb-v", StringComparison.Ordinal));
    }

    private static Operation[] StageByStage(Problem problem, int device) =>
    [
        .. from kind in new[] { OperationKind.Forward, OperationKind.BackwardInput, OperationKind.BackwardWeight }
           from microbatch in Enumerable.Range(0, problem.Microbatches)
           from stage in problem.Placement.StagesOn(device).Select(stage => stage.Stage).OrderBy(stage => kind == OperationKind.Forward ? stage : -stage)
           select new Operation(kind, 0, stage, microbatch),
    ];

    private static IEnumerable<XElement> Curves(Drawing drawing) => drawing.All("path").Where(path => (string?)path.Attribute("fill") == MemoryCurves.Held);

    private static IEnumerable<string> HeightsOf(XElement curve) => Height().Matches(curve.Attribute("d")!.Value).Select(match => match.Groups[1].Value);

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"V([\d.]+)")]
    private static partial Regex Height();

    [GeneratedRegex(@"h([\d.]+)v([\d.]+)")]
    private static partial Regex Part();
}

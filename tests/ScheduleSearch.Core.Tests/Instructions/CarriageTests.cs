using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Two pipes, slices, recomputing and overlapped pairs in every format: carried, or refused by the member that decides it.</summary>
public class CarriageTests
{
    private static readonly string[] OfEverything = ["native", "chrome-trace", "svg", "csv", "timeline"];

    [Fact]
    public void Two_pipes_leave_in_the_formats_that_name_a_pipe()
    {
        var timeline = Worked.Of("chimera", Problem.Create(Shape.Profile(devices: 4, microbatches: 4, placement: "bidirectional")));
        foreach (var format in InstructionFormatCatalogue.All) MemberOf(format, timeline).ShouldBe(OfEverything.Contains(format.Name) ? null : PlacementMember(format), format.Name);
        static string PlacementMember(IInstructionFormat format) => format.Name == "deepspeed" ? "$.profile.pipeline.chunks" : "$.profile.pipeline.placement";
    }

    [Fact]
    public void Slices_leave_in_the_formats_that_name_a_slice()
    {
        var timeline = Worked.Of("seq1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 4) with { Slices = new() { Count = 2 } }, splitBackward: false));
        foreach (var format in InstructionFormatCatalogue.All)
            MemberOf(format, timeline).ShouldBe(OfEverything.Contains(format.Name) || format.Name == "megatron-zb" ? null : "$.profile.slices", format.Name);
    }

    [Fact]
    public void Work_beside_the_microbatches_leaves_in_the_formats_that_list_every_operation()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4) with { Fill = [new() { Name = "encoder", Duration = 1, Count = 5, Device = 1 }] };
        var timeline = Worked.Of("1f1b", Problem.Create(profile, splitBackward: false));
        foreach (var format in InstructionFormatCatalogue.All)
            MemberOf(format, timeline).ShouldBe(OfEverything.Contains(format.Name) ? null : "$.profile.fill", format.Name);
        Streams.Text("csv", timeline).ShouldContain("1,,fill,0,1,4,0,encoder,");
        Streams.Text("chrome-trace", timeline).ShouldContain("\"name\":\"encoder 4\"");
        Streams.Text("svg", timeline).ShouldContain("<title>fill of encoder, piece 4: ");
    }

    [Theory]
    [InlineData("linear", 1, false)]
    [InlineData("interleaved", 2, true)]
    public void Recomputing_leaves_in_the_formats_that_say_when(string placement, int chunks, bool inZeroBubble)
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, chunks, placement) with { Recompute = new() { Kept = 0.5m } };
        var problem = Problem.Create(profile, splitBackward: false);
        var timeline = RandomSchedules.InOrder(Replay.Run(RandomOrders.Next(OperationGraph.Build(problem), new Random(1))));
        foreach (var format in InstructionFormatCatalogue.All)
        {
            string? expected = OfEverything.Contains(format.Name) || (format.Name == "megatron-zb" && inZeroBubble) ? null
                : format.Name == "deepspeed" && chunks > 1 ? "$.profile.pipeline.chunks"
                : "$.profile.recompute";
            MemberOf(format, timeline).ShouldBe(expected, format.Name);
        }
    }

    [Fact]
    public void The_wave_leaves_in_every_format_but_those_of_neighbours()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, chunks: 4, "wave");
        var timeline = RandomSchedules.InOrder(Replay.Run(RandomOrders.Next(Problem.Create(profile, splitBackward: false), new Random(1))));
        InstructionFormatCatalogue.All.Where(format => format.WhyNot(timeline) is not null).Select(format => format.Name).ShouldBe(["megatron-zb", "deepspeed"]);
        InstructionFormatCatalogue.Find("pytorch")!.SettingsFor(timeline).Single(setting => setting.Name == "stage order").Value.ShouldStartWith("own: ");
    }

    [Theory]
    [InlineData("pytorch", "2.14", false)]
    [InlineData("pytorch-comms", "2.8", true)]
    [InlineData("megatron-zb", null, true)]
    [InlineData("jaxpp", null, true)]
    public void The_metrics_of_pairs_are_those_of_what_is_written(string format, string? version, bool isSlower)
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 6, chunks: 2, "v") with { Overlap = new() { Duration = 2.5m } });
        var timeline = Worked.Of("dualpipe-v", problem);
        var chosen = InstructionFormatCatalogue.Find(format)!;
        if (version is not null) chosen = chosen.ForVersion(version);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        StreamHead.Write(timeline, chosen, output);
        var told = System.Text.Json.JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("makespan").GetDecimal();
        var overlapped = problem.TimeScale.FromTicks(ScheduleMetrics.Of(timeline).Makespan);
        (told > overlapped).ShouldBe(isSlower);
        if (chosen.MediaType == "application/json") Streams.Json(format, timeline).GetProperty("makespan").GetDecimal().ShouldBe(told);
    }

    [Fact]
    public void Pairs_of_one_stage_a_rank_leave_in_every_format()
    {
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8) with { Overlap = new() { Duration = 2.5m } }, splitBackward: false);
        var alone = Replay.Run(Schedule.Of(problem, FamilyCatalogue.Find("eager-1f1b")!.Order(problem)));
        var timeline = FeaturedSchedules.WithPairs(alone);
        timeline.Graph.Operations.ToArray().ShouldContain(operation => operation.Kind == OperationKind.OverlappedForward);
        foreach (var format in InstructionFormatCatalogue.All)
        {
            MemberOf(format, timeline).ShouldBeNull(format.Name);
            var knowsPairs = OfEverything.Contains(format.Name) || format.Name.StartsWith("pytorch", StringComparison.Ordinal);
            ScheduleMetrics.Of(format.AsWritten(timeline)).Makespan.ShouldBe(ScheduleMetrics.Of(knowsPairs ? timeline : alone).Makespan, format.Name);
            // What is written is what would be without pairs, but for the head.
            if (format.Name is "deepspeed" or "nnscaler" or "jaxpp" or "megatron-zb") Streams.Text(format.Name, timeline).ShouldBe(Streams.Text(format.Name, alone));
        }
    }

    [Property(MaxTest = 300)]
    public void Any_schedule_leaves_in_every_format_or_is_refused_with_what_to_change(Seed seed)
    {
        var timeline = FeaturedSchedules.Draw(seed);
        foreach (var format in InstructionFormatCatalogue.All)
        {
            if (format.WhyNot(timeline) is { } refusal)
            {
                OfEverything.ShouldNotContain(format.Name);
                (refusal.Member == "format" || refusal.Member.StartsWith("$.", StringComparison.Ordinal)).ShouldBeTrue(refusal.Member);
                refusal.Reason.ShouldEndWith(".");
                refusal.Fix.ShouldEndWith(".");
                continue;
            }

            Streams.Text(format.Name, timeline).ShouldNotBeEmpty();
            for (var rank = 0; rank < timeline.Schedule.Problem.Devices; rank++) Streams.Text(format.Name, timeline, rank).ShouldNotBeEmpty();
        }
    }

    private static string? MemberOf(IInstructionFormat format, Timeline timeline) => format.WhyNot(timeline)?.Member;
}

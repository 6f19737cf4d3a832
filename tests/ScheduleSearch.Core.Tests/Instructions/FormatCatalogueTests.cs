using System.Text.Json;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Every published schedule in every format: a sound stream, or a refusal that says what to change.</summary>
public class FormatCatalogueTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        // Families whose backwards are split, and placements of several chunks.
        { "deepspeed", "zb-h1", "$.options.splitBackward" },
        { "deepspeed", "zb-h2", "$.options.splitBackward" },
        { "deepspeed", "interleaved-1f1b", "$.profile.pipeline.chunks" },
        { "deepspeed", "zb-v", "$.profile.pipeline.chunks" },
        { "nnscaler", "zb-h1", "$.options.splitBackward" },
        { "nnscaler", "zb-v", "$.options.splitBackward" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_format_refuses_what_its_runtime_cannot_do_and_says_what_to_change(string format, string family, string member)
    {
        var refusal = Streams.Refusal(format, Published(family, microbatches: 8));
        refusal.Member.ShouldBe(member);
        refusal.Reason.ShouldEndWith(".");
        refusal.Fix.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void A_placement_without_neighbours_is_refused_by_the_zero_bubble_runtime_alone()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2, chunks: 2, "explicit");
        profile = profile with { Pipeline = profile.Pipeline with { StageDevices = [0, 0, 1, 1] } };
        var problem = Problem.Create(profile, splitBackward: false);
        var timeline = Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, 2).Select(device => Order(device * 2))]));

        Streams.Refusal("megatron-zb", timeline).Member.ShouldBe("$.profile.pipeline.placement");
        InstructionFormatCatalogue.All.Where(format => format.WhyNot(timeline) is not null).Select(format => format.Name).ShouldBe(["megatron-zb", "deepspeed"]);
    }

    [Fact]
    public void Runtimes_that_count_microbatches_refuse_orders_that_skip_one()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2), splitBackward: false);
        var timeline = Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, 2).Select(Reversed)]));
        foreach (var format in InstructionFormatCatalogue.All)
        {
            if (format.Name is "native" or "jaxpp" or "chrome-trace" or "svg" or "csv" or "timeline") format.WhyNot(timeline).ShouldBeNull(format.Name);
            else format.WhyNot(timeline).ShouldNotBeNull(format.Name).Member.ShouldBe("format");
        }

        Operation[] Reversed(int stage) =>
        [
            Operation.Forward(stage, 1), Operation.Backward(stage, 1), Operation.Forward(stage, 0), Operation.Backward(stage, 0),
        ];
    }

    [Theory]
    [InlineData(2, 4, Objective.Makespan)]
    [InlineData(2, 6, Objective.Span)]
    [InlineData(4, 8, Objective.Makespan)]
    [InlineData(4, 12, Objective.Span)]
    [InlineData(5, 10, Objective.Makespan)]
    public void Every_family_in_every_format_is_sound_or_refused(int devices, int microbatches, Objective objective)
    {
        var carried = new HashSet<string>();
        foreach (var family in FamilyCatalogue.All)
        {
            var problem = ProblemOf(family, devices, microbatches, objective);
            if (FamilyCatalogue.WhyNot(family, problem) is not null) continue;
            var timeline = Worked.Of(family.Name, problem);
            foreach (var format in InstructionFormatCatalogue.All)
            {
                if (format.WhyNot(timeline) is { } refusal)
                {
                    refusal.Fix.ShouldNotBeNullOrEmpty();
                    continue;
                }

                var text = Streams.Text(format.Name, timeline);
                if (format.MediaType == "application/json") JsonDocument.Parse(text).RootElement.GetProperty("format").GetString().ShouldBe(format.Name);
                carried.Add($"{format.Name} {family.Name}");
            }
        }

        foreach (var format in InstructionFormatCatalogue.All) carried.ShouldContain($"{format.Name} 1f1b");
        foreach (var format in new[] { "native", "pytorch", "pytorch-comms", "megatron-zb", "jaxpp", "chrome-trace", "svg", "csv", "timeline" })
        {
            carried.ShouldContain($"{format} zb-h1");
            carried.ShouldContain($"{format} zb-v");
            carried.ShouldContain($"{format} interleaved-1f1b");
        }

        carried.ShouldContain("nnscaler interleaved-1f1b");
    }

    [Fact]
    public void The_documented_table_of_families_and_formats_is_true()
    {
        var lossy = new List<string>();
        foreach (var family in FamilyCatalogue.All)
        {
            var problem = ProblemOf(family, devices: 4, microbatches: 12, Objective.Makespan);
            if (FamilyCatalogue.WhyNot(family, problem) is not null) continue;
            var timeline = Worked.Of(family.Name, problem);
            var refusing = InstructionFormatCatalogue.All.Where(format => format.WhyNot(timeline) is not null).Select(format => format.Name).ToList();
            var isForeign = family.Placement == "bidirectional" || problem.Features.Any(feature => feature.Name is "slices" or "recompute");
            if (refusing.Remove("jaxpp") && !isForeign) lossy.Add(family.Name);
            string[] expected = (family.SplitsBackward, family.Placement) switch
            {
                // The zero-bubble runtime's nodes name slices.
                _ when isForeign && problem.SliceCount == 1 => ["pytorch", "pytorch-comms", "megatron-zb", "deepspeed", "nnscaler"],
                _ when isForeign => ["pytorch", "pytorch-comms", "deepspeed", "nnscaler"],
                // DeepSpeed keeps one loss, and the zero-bubble runtime counts backwards too.
                _ when family.Name == "gpipe" => ["deepspeed"],
                _ when family.Name == "gpipe-reversed" => ["megatron-zb", "deepspeed"],
                (true, _) => ["deepspeed", "nnscaler"],
                (_, "linear") => [],
                _ => ["deepspeed"],
            };
            string.Join(", ", refusing).ShouldBe(string.Join(", ", expected), family.Name);
        }

        // These would lose by bringing the first stage's halves together, on uneven stages or always.
        lossy.ShouldBe(["2bp-1f1b", "zb-v-auto"]);
    }

    [Theory]
    [InlineData("1f1b", "linear", 1, "loop", "1F1B")]
    [InlineData("interleaved-1f1b", "interleaved", 2, "loop", "Interleaved1F1B")]
    [InlineData("interleaved-1f1b", "interleaved", 4, "loop", "Interleaved1F1B")]
    [InlineData("zb-v", "v", 2, "v", "ZBVZeroBubble")]
    public void The_settings_of_torchtitan_follow_from_the_placement(string family, string placement, int chunks, string order, string schedule)
    {
        var settings = InstructionFormatCatalogue.Find("pytorch")!.SettingsFor(Worked.Of(family, placement, chunks)).ToDictionary(setting => setting.Name, setting => setting.Value);
        settings["stage order"].ShouldBe(order);
        settings["parallelism.pipeline_parallel_schedule"].ShouldBe(schedule);
        settings["n_microbatches"].ShouldBe("8");
        settings["parallelism.num_pp_microbatches"].ShouldBe("8");
        settings["parallelism.pipeline_parallel_degree"].ShouldBe("4");
        settings.ContainsKey("parallelism.pipeline_parallel_layers_per_stage").ShouldBe(chunks > 2, "torchtitan builds up to two chunks by itself");
    }

    [Theory]
    [InlineData("1.5B_p8_m24-linear-1x-makespan", "zb-auto")]
    [InlineData("1.5B_p8_m24-linear-2x-span", "zb-auto")]
    [InlineData("6.2B_p8_m24-v-0.625x-makespan", "zb-v-auto")]
    [InlineData("14.6B_p16_m48-v-0.5x-makespan", "zb-v-auto")]
    public void Measured_profiles_under_tight_memory_leave_in_every_format_that_carries_them(string request, string family)
    {
        var timeline = Worked.Of(family, StoredRequest.Read(request).Problem);
        var carrying = InstructionFormatCatalogue.All.Where(format => format.WhyNot(timeline) is null).Select(format => format.Name).ToList();
        foreach (var format in carrying) Streams.Text(format, timeline).ShouldNotBeEmpty();
        foreach (var format in new[] { "native", "pytorch", "pytorch-comms", "megatron-zb" }) carrying.ShouldContain(format);
    }

    private static Timeline Published(string family, int microbatches)
    {
        var known = FamilyCatalogue.All.Single(candidate => candidate.Name == family);
        return Worked.Of(family, ProblemOf(known, devices: 4, microbatches, Objective.Makespan));
    }

    /// <summary>Uneven stages and messages that take time.</summary>
    private static Problem ProblemOf(IScheduleFamily family, int devices, int microbatches, Objective objective)
    {
        var chunks = family.Placement == "linear" || family.Name is "chimera" or "dualpipe" ? 1 : 2;
        var profile = Shape.Profile(devices, microbatches, chunks, family.Placement);
        if (family.Covers.Contains(new SlicesFeature())) profile = profile with { Slices = new() { Count = 2 } };
        if (family.Name == "gpipe-recompute") profile = profile with { Recompute = new() { Kept = 0.5m } };
        var stages = Enumerable.Range(0, devices * chunks).ToList();
        return Problem.Create(
            profile with
            {
                Times = profile.Times with
                {
                    Forward = StageValues.Each(stages.Select(stage => 4m + stage % 3)),
                    BackwardInput = StageValues.Each(stages.Select(stage => 5m - stage % 2)),
                    BackwardWeight = StageValues.Each(stages.Select(stage => 3m + stage % 2)),
                    Communication = 0.5m,
                },
            },
            objective);
    }

    private static List<Operation> Order(int first) =>
    [
        .. from stage in new[] { first, first + 1 } from microbatch in new[] { 0, 1 } select Operation.Forward(stage, microbatch),
        .. from stage in new[] { first + 1, first } from microbatch in new[] { 0, 1 } select Operation.Backward(stage, microbatch),
    ];
}

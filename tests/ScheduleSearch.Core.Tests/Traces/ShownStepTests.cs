using System.Globalization;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Traces;
using ScheduleSearch.Core.Traces.Runs;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using static ScheduleSearch.Core.Tests.Traces.WrittenRuns;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>A step of a run beside its replays: what is drawn, and where it lost time.</summary>
public class ShownStepTests
{
    /// <summary>Two ranks that are even in all steps but the third, in which rank 1 begins late and takes long once.</summary>
    private static readonly string Disturbed = Steps(step => step == 2 ? (Late: 3.25, Long: 4.5) : (0, 0));

    [Fact]
    public void A_step_as_its_schedule_says_lost_nothing()
    {
        var timeline = Run("linear", 1, "1f1b");
        var shown = Show(Table(timeline), new StepChoice { Step = 1 });
        shown.Step.Step.ShouldBe(1);
        foreach (var drawn in new[] { shown.Timelines.Recorded, shown.Timelines.OwnDurations, shown.Timelines.Medians })
        {
            var scale = drawn.Schedule.Problem.TimeScale;
            for (var operation = 0; operation < timeline.Graph.Count; operation++)
            {
                var same = drawn.Graph.IndexOf(timeline.Graph.Operations[operation]);
                scale.FromTicks(drawn.StartOf(same)).ShouldBe(timeline.Schedule.Problem.TimeScale.FromTicks(timeline.StartOf(operation)));
            }
        }

        shown.Lost.Total.ShouldBe(0);
        shown.Lost.Longest.ShouldBeEmpty();
        shown.Lost.Latest.ShouldBeEmpty();
        shown.Lost.Ranks.ShouldAllBe(rank => rank.Recorded == rank.Planned && rank.Recorded.Late == 0);
    }

    [Fact]
    public void What_was_long_and_what_began_late_is_told_and_adds_up()
    {
        var shown = Show(Disturbed, new StepChoice { Step = 2 });
        var lost = shown.Lost;
        lost.Total.ShouldBe(3.25 + 4.5, tolerance: 1e-9);
        foreach (var rank in lost.Ranks)
        {
            rank.Recorded.Total.ShouldBe(shown.Step.Length, tolerance: 1e-9);
            (rank.Recorded.Total - rank.Planned.Total).ShouldBe(lost.Total, tolerance: 1e-9);
        }

        var second = lost.Ranks[1];
        (second.Recorded.Work - second.Planned.Work).ShouldBe(4.5, tolerance: 1e-9);
        second.Recorded.Late.ShouldBe(3.25, tolerance: 1e-9);
        var longest = lost.Longest.ShouldHaveSingleItem();
        (longest.Rank, longest.Stage, longest.Op, longest.Microbatch).ShouldBe((1, 1, "forward", 1));
        longest.Excess.ShouldBe(4.5, tolerance: 1e-9);
        var late = lost.Latest[0];
        (late.Rank, late.Op, late.Microbatch).ShouldBe((1, "backward", 0));
        late.Late.ShouldBe(3.25, tolerance: 1e-9);
        lost.Kinds.Single(kind => kind is { Stage: 1, Op: "forward" }).Recorded.ShouldBe(24.5, tolerance: 1e-9);
    }

    [Fact]
    public void Own_durations_replayed_are_without_what_began_late()
    {
        var (recorded, own, medians) = Show(Disturbed, new StepChoice { Step = 2 }).Timelines;
        Length(recorded).ShouldBe(Length(medians) + 7.75m);
        Length(own).ShouldBe(Length(medians) + 4.5m);
        CriticalPath.Of(recorded).Count.ShouldBeGreaterThan(3, "of a run, what it follows from is what ended last before");

        static decimal Length(Timeline timeline) => timeline.Schedule.Problem.TimeScale.FromTicks(ScheduleMetrics.Of(timeline).Makespan);
    }

    [Fact]
    public void What_is_drawn_is_a_timeline_that_says_it_was_recorded()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        var shown = Show(Disturbed, new StepChoice { Step = 2 });
        InstructionFormatCatalogue.Find("timeline")!.Write(shown.Timelines.Recorded, rank: null, bytes);
        var written = JsonNode.Parse(bytes.WrittenSpan)!;
        written["recorded"]!.GetValue<bool>().ShouldBeTrue();
        written["operations"]!["start"]!.AsArray().Count.ShouldBe(shown.Step.Operations.Length);
        written["makespan"]!.GetValue<double>().ShouldBe(shown.Step.Length, tolerance: 1e-9);
        bytes.Clear();
        InstructionFormatCatalogue.Find("timeline")!.Write(shown.Timelines.Medians, rank: null, bytes);
        JsonNode.Parse(bytes.WrittenSpan)!["recorded"].ShouldBeNull();
    }

    [Theory]
    [InlineData(RecordedRun.Even)]
    [InlineData(RecordedRun.Uneven)]
    [InlineData(RecordedRun.WithMemory)]
    public void Of_recorded_runs_every_rank_accounts_for_the_whole_step(string run)
    {
        var imported = RecordedRun.Import(run);
        var shown = ShownStep.Of(imported, new StepChoice(), ProblemLimits.Default);
        shown.Step.Length.ShouldBe(imported.Fidelity!.Recorded, tolerance: 0.02 * imported.Fidelity.Recorded, "the step nearest to the median");
        shown.Lost.Ranks.Count.ShouldBe(imported.Profile.Pipeline.Devices);
        // Operations of one rank do not overlap in these runs, but for rounding.
        shown.Lost.Ranks.ShouldAllBe(rank => Math.Abs(rank.Recorded.Total - shown.Step.Length) < 0.01);
        shown.Lost.Ranks.ShouldAllBe(rank => rank.Planned.Late == 0 && rank.Recorded.Late >= 0 && rank.Recorded.Input >= 0);
    }

    [Theory]
    [InlineData(7, null)]
    [InlineData(null, 1)]
    public void A_step_that_the_run_does_not_have_is_refused(int? step, int? replica) =>
        Should.Throw<InvalidProfileException>(() => Show(Disturbed, new StepChoice { Step = step, Replica = replica }))
            .Errors.ShouldContain(error => error.Path == "$.show" && error.Message.Contains("steps 0 to 3", StringComparison.Ordinal));

    [Fact]
    public void A_step_that_no_scale_holds_beside_the_others_is_refused()
    {
        var huge = Steps(step => step == 3 ? (Late: 0, Long: 1e14) : (0, 0));
        Should.Throw<InvalidProfileException>(() => Show(huge, new StepChoice { Step = 3 })).Errors.ShouldHaveSingleItem().Path.ShouldBe("$.show");
    }

    [Theory]
    [InlineData("""{ "show": { "step": -1 }, "files": [] }""", "$.show.step")]
    [InlineData("""{ "show": { "rank": 1 }, "files": [] }""", "$.show.rank")]
    [InlineData("""{ "show": true, "files": [] }""", "$.show")]
    public void What_is_wrong_with_the_choice_is_named(string json, string path) =>
        Should.Throw<InvalidProfileException>(() => Import(JsonNode.Parse(json)!)).Errors.ShouldContain(error => error.Path == path);

    private static ShownStep Show(string table, StepChoice choice) =>
        ShownStep.Of(Import(new JsonObject { ["files"] = Files(table), ["warmUpSteps"] = 0 }), choice, ProblemLimits.Default);

    /// <summary>Four steps of 1F1B with two microbatches: rank 1's second forward is longer, and its first backward later, as a step has it.</summary>
    private static string Steps(Func<int, (double Late, double Long)> of)
    {
        var table = new System.Text.StringBuilder("rank,stage,kind,microbatch,start,duration,step\n");
        for (var step = 0; step < 4; step++)
        {
            var (late, longer) = of(step);
            var begin = 1000.0 * step;
            void Add(int rank, string kind, int microbatch, double start, double duration) =>
                table.Append(CultureInfo.InvariantCulture, $"{rank},{rank},{kind},{microbatch},{begin + start},{duration},{step}\n");
            Add(0, "F", 0, 0, 10);
            Add(0, "F", 1, 10, 10);
            Add(1, "F", 0, 10, 10);
            Add(1, "B", 0, 20 + late, 20);
            Add(1, "F", 1, 40 + late, 10 + longer);
            Add(0, "B", 0, 40 + late, 20);
            Add(1, "B", 1, 50 + late + longer, 20);
            Add(0, "B", 1, 70 + late + longer, 20);
        }

        return table.ToString();
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Traces;
using ScheduleSearch.Core.Traces.Runs;
using Shouldly;
using Xunit;
using static ScheduleSearch.Core.Tests.Traces.WrittenRuns;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>Runs that are made here, written in each format: what is imported is what they were made of.</summary>
public class ImportTests
{
    [Theory]
    [InlineData("linear", 1, "zb-h1", null)]
    [InlineData("linear", 1, "1f1b", null)]
    [InlineData("interleaved", 2, "interleaved-1f1b", "interleaved")]
    [InlineData("v", 2, "zb-v", "v")]
    public void A_table_of_a_schedule_is_its_profile(string placement, int chunks, string family, string? imported)
    {
        var timeline = Run(placement, chunks, family);
        var found = Import(new JsonObject { ["files"] = Files(Table(timeline)) });
        var (given, profile) = (timeline.Schedule.Problem.Profile, found.Profile);
        (profile.Pipeline.Devices, profile.Pipeline.Chunks, profile.Pipeline.Microbatches).ShouldBe((2, chunks, 6));
        profile.Pipeline.Placement.ShouldBe(imported);
        for (var stage = 0; stage < timeline.Schedule.Problem.Stages; stage++)
        {
            profile.Times.Forward[stage].ShouldBe(given.Times.Forward[stage]);
            (profile.Times.BackwardInput[stage] + profile.Times.BackwardWeight[stage])
                .ShouldBe(given.Times.BackwardInput[stage] + given.Times.BackwardWeight[stage]);
        }

        profile.Times.Communication.Latency[0, 1].ShouldBe(0.5m);
        (found.Fidelity!.OwnError, found.Fidelity!.MediansError).ShouldBe((0, 0));
        found.Durations.ShouldAllBe(one => one.Variation == 0 && one.Outliers == 0);
        found.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Marks_of_PyTorchs_runtime_are_read_and_waits_are_taken_out()
    {
        var timeline = Run("linear", 1, "zb-h1");
        var found = Import(new JsonObject { ["files"] = new JsonArray([.. Enumerable.Range(0, 2).Select(rank => Marks(timeline, rank, waits: true))]) });
        found.Format.ShouldBe("pytorch");
        found.Steps.ShouldBe(new ImportedSteps(Used: 3, WarmUp: 0, Incomplete: 0, Replicas: 1));
        found.Communication.ShouldBeNull();
        found.Untold.ShouldContain(sentence => sentence.Contains("waiting for what they take", StringComparison.Ordinal));
        var given = timeline.Schedule.Problem.Profile.Times;
        // What is on its way when a rank turns to it cannot be told from what it computes.
        ((double)found.Profile.Times.Forward[0]).ShouldBe((double)given.Forward[0], tolerance: 0.001);
        ((double)found.Profile.Times.Forward[1]).ShouldBe((double)given.Forward[1], tolerance: 0.51);
        ((double)found.Profile.Times.BackwardWeight[0]).ShouldBe((double)given.BackwardWeight[0], tolerance: 0.001);
    }

    [Fact]
    public void Marks_of_the_device_count_before_those_of_the_host()
    {
        var timeline = Run("linear", 1, "1f1b");
        var files = new JsonArray([.. Enumerable.Range(0, 2).Select(rank => Marks(timeline, rank, waits: false))]);
        foreach (var file in files)
        {
            var events = file!["content"]!["traceEvents"]!.AsArray();
            foreach (var each in events.Select(each => each!.DeepClone()).ToList())
            {
                each["cat"] = "gpu_user_annotation";
                each["dur"] = 2 * each["dur"]!.GetValue<double>();
                events.Add(each);
            }
        }

        var found = Import(new JsonObject { ["files"] = files });
        found.Profile.Times.Forward[0].ShouldBe(2 * timeline.Schedule.Problem.Profile.Times.Forward[0]);
        found.Untold.ShouldNotContain(sentence => sentence.StartsWith("Marks are of the host", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_that_is_cut_off_is_left_out_and_a_slow_first_one_too()
    {
        var lines = Table(Run("linear", 1, "1f1b")).Split('\n').ToList();
        lines.RemoveAt(lines.Count - 2);
        var slow = lines.Select(line => line.EndsWith(",0", StringComparison.Ordinal) ? Stretched(line) : line);
        var found = Import(new JsonObject { ["files"] = Files(string.Join('\n', slow)) });
        found.Steps.ShouldBe(new ImportedSteps(Used: 2, WarmUp: 1, Incomplete: 1, Replicas: 1));

        static string Stretched(string line)
        {
            var cells = line.Split(',');
            foreach (var column in new[] { 4, 5 }) cells[column] = Text(3 * decimal.Parse(cells[column], CultureInfo.InvariantCulture));
            return string.Join(',', cells);
        }
    }

    [Theory]
    [InlineData("s", "are the times in a shorter unit")]
    [InlineData("us", "are the times of the trace in seconds")]
    public void Times_in_another_unit_than_is_said_are_warned_of(string unit, string warning) =>
        Import(new JsonObject { ["timeUnit"] = unit, ["files"] = Files(Table(Run("linear", 1, "1f1b", scale: unit == "s" ? 1000 : 1))) })
            .Warnings.ShouldContain(each => each.Contains(warning, StringComparison.Ordinal));

    [Fact]
    public void A_slow_rank_a_short_backward_and_clocks_that_differ_are_warned_of()
    {
        var timeline = Run("linear", 1, "1f1b");
        var table = Table(timeline, (operation, start, duration) =>
            operation.Stage == 1 ? (start - 6, duration) : (start, operation.IsForward ? 16 * duration : duration / 4));
        var warnings = Import(new JsonObject { ["files"] = Files(table) }).Warnings;
        warnings.ShouldContain(each => each.StartsWith("Stage 0: its backward takes", StringComparison.Ordinal));
        warnings.ShouldContain(each => each.EndsWith("the clocks of the ranks differ.", StringComparison.Ordinal));
        warnings.ShouldContain(each => each.StartsWith("Rank 0 computes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "files": [] }""", "$.files")]
    [InlineData("""{ "files": [{}] }""", "$.files[0].content")]
    [InlineData("""{ "files": [{ "content": 5 }] }""", "$.files[0].content")]
    [InlineData("""{ "files": [{ "content": {} }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": "rank,stage\n0,0\n" }] }""", "$.files[0].content")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,NaN\n" }] }""", "$.files[0].content")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,1e999\n" }] }""", "$.files[0].content")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n-1,0,F,0,0,1\n" }] }""", "$.files[0].content")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,1\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,1\n1,0,B,0,0,1\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,5,F,0,0,1\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,1000000,0,1\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,5,1\n0,0,B,0,0,1\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": [{ "name": "forward-compute", "pid": 0, "tid": 0, "ts": "now", "dur": 1 }] }] }""", "$.files[0].content[0].ts")]
    [InlineData("""{ "files": [{ "content": [{ "name": "PP:0F0", "ts": 1, "dur": -5 }] }] }""", "$.files[0].content[0].dur")]
    [InlineData("""{ "files": [{ "content": { "traceEvents": [{ "name": "PP:0F0" }] } }] }""", "$.files[0].content.traceEvents[0].ts")]
    [InlineData("""{ "files": [{ "content": { "1": { "fwd_start": [0], "fwd_end": [], "bwd_start": [] } } }] }""", "$.files[0].content.1.fwd_end")]
    [InlineData("""{ "files": [{ "content": { "pp_size": 2, "num_mbs": 4, "vp_size": 2 } }] }""", "$.files[0].content.vp_size")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,0\n0,0,B,0,0,0\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,1e15\n0,0,B,0,1e15,1\n" }] }""", "$.files")]
    [InlineData("""{ "files": [{ "content": [] }], "warmUpSteps": -1 }""", "$.warmUpSteps")]
    public void What_is_no_run_is_refused_by_name(string json, string path) =>
        Should.Throw<InvalidProfileException>(() => Import(JsonNode.Parse(json)!)).Errors.ShouldContain(error => error.Path == path);

    [Fact]
    public void Every_format_has_a_name_and_a_description()
    {
        TraceFormatCatalogue.All.Select(format => format.Name).ShouldBeUnique();
        TraceFormatCatalogue.All.ShouldAllBe(format => format.Description.EndsWith('.'));
    }
}

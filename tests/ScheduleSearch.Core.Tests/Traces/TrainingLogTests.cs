using System.Globalization;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Traces.Runs;
using Shouldly;
using Xunit;
using static ScheduleSearch.Core.Tests.Traces.WrittenRuns;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>Logs as the runtimes print them: the forms of their lines are those of their sources, which the formats name.</summary>
public class TrainingLogTests
{
    private const string Arguments =
        """
        ------------------------ arguments ------------------------
          data_parallel_size .............................. 2
          global_batch_size ............................... 16
          micro_batch_size ................................ 1
          pipeline_model_parallel_size .................... 2
          virtual_pipeline_model_parallel_size ............ None
          world_size ...................................... 4
        -------------------- end of arguments ---------------------

        """;

    private const string ArgumentsOfV =
        """
          data_parallel_size .............................. 1
          global_batch_size ............................... 12
          micro_batch_size ................................ 1
          pipeline_model_parallel_size .................... 2
          virtual_pipeline_model_parallel_size ............ 2
          world_size ...................................... 2
          zero_bubble_v_schedule .......................... True

        """;

    private const string Conclusions =
        """
        rank 0 profiling conclusion: [(12000,), (11500,), (9000,), 350, (1048.0,), (-600.0,), (-448.0,)]
        rank 2 profiling conclusion: [(14000,), (13000,), (10500,), 350, (1048.0,), (-600.0,), (-448.0,)]
        [rank1]: rank 1 profiling conclusion: [(12400,), (11700,), (9200,), 350, (1048.0,), (-600.0,), (-448.0,)]
        rank 3 profiling conclusion: [(14000,), (13000,), (10500,), 350, (1048.0,), (-600.0,), (-448.0,)]
        """;

    private const string Question = "\nrank 2 Performing ILP with: f=((12000,), (12400,), (14000,), (14000,)),\n mem_limit=";

    [Fact]
    public void Megatrons_timers_of_all_ranks_are_its_stages()
    {
        var found = Log(Arguments + Interval(3, 1) + Interval(1, 1) + Interval(1, 1.02) + Interval(1, 0.98));
        found.Format.ShouldBe("megatron");
        var (pipeline, times) = (found.Profile.Pipeline, found.Profile.Times);
        (pipeline.Devices, pipeline.Microbatches, pipeline.Placement).ShouldBe((2, 8, null));
        found.Steps.ShouldBe(new ImportedSteps(Used: 3, WarmUp: 1, Incomplete: 0, Replicas: 2));
        // Ranks 0 and 1 hold stage 0, since pipeline ranks are the outermost; timers are of all eight microbatches.
        times.Forward[0].ShouldBe(10.49m);
        times.Forward[1].ShouldBe(20m);
        (times.BackwardInput[1] + times.BackwardWeight[1]).ShouldBe(40m);
        found.Durations.Single(one => one is { Stage: 0, Op: "forward" }).Count.ShouldBe(6);
        found.Ranks.Count.ShouldBe(4);
        found.Ranks.Single(rank => rank is { Replica: 1, Rank: 0 }).Work.ShouldBe(88 + 168, tolerance: 1e-9);
        (found.Samples, found.Fidelity, found.Communication).ShouldBe((null, null, null));
        found.Untold.ShouldContain(sentence => sentence.StartsWith("Timers add up all microbatches", StringComparison.Ordinal));
        found.Untold.ShouldContain(sentence => sentence.StartsWith("The timers of receives have waiting", StringComparison.Ordinal));
        found.Untold.ShouldContain(sentence => sentence.StartsWith("Whole backwards are recorded", StringComparison.Ordinal));
        found.Untold.ShouldContain(sentence => sentence.StartsWith("No operation is recorded by itself", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("(min, max) time across ranks (ms):", "(80.00, 160.00)", "(160.00, 320.00)", 15)]
    [InlineData("max time across ranks (ms):", "160.00", "320.00", 20)]
    public void Timers_of_the_least_and_the_most_rank_are_of_no_stage(string head, string forward, string backward, double expected)
    {
        string[] lines = [Line("forward-backward") + forward, Line("forward-compute") + forward, Line("backward-compute") + backward];
        var found = Log($"{Arguments}{head}\n{string.Concat(lines.Select(line => $"    {line}\n"))}");
        found.Profile.Times.Forward.Numbers.ShouldBe([(decimal)expected, (decimal)expected]);
        found.Ranks.ShouldBeEmpty();
        found.Untold.ShouldContain(sentence => sentence.EndsWith("Log with --timing-log-option all.", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_its_arguments_a_log_needs_the_pipeline()
    {
        var log = Interval(1, 1);
        var refused = Should.Throw<InvalidProfileException>(() => Log(log));
        refused.Errors.ShouldContain(error => error.Path == "$.pipeline" && error.Message.StartsWith("Is missing", StringComparison.Ordinal));
        var found = Log(log, """{ "devices": 4, "microbatches": 4, "chunks": 2, "placement": "interleaved" }""");
        found.Profile.Times.Forward.Numbers.Length.ShouldBe(8);
        // Both stages of rank 3 share its time.
        (found.Profile.Times.Forward[3], found.Profile.Times.Forward[7]).ShouldBe((20m, 20m));
    }

    [Fact]
    public void The_zero_bubble_runtimes_conclusions_are_its_stages_with_their_memory()
    {
        var found = Log(Arguments + """
            rank 2 Performing ILP with: f=([1000], [1000], [1000], [1000]),
             b=([1000], [1000], [1000], [1000]),
             mem_limit=(4, 4, 4, 4)

            """ + Conclusions + """

            rank 2 Performing ILP with: f=((12000,), (12400,), (14000,), (14000,)),
             b=((11500,), (11700,), (13000,), (13000,)),
             mem_limit=(9000.0, 8000.0, 7000.0, 7000.0)
            """);
        found.Format.ShouldBe("zero-bubble");
        var (times, memory) = (found.Profile.Times, found.Profile.Memory.ShouldNotBeNull());
        (times.Forward[0], times.BackwardInput[0], times.BackwardWeight[0]).ShouldBe((12.2m, 11.6m, 9.1m));
        (times.Forward[1], times.BackwardInput[1], times.BackwardWeight[1]).ShouldBe((14m, 13m, 10.5m));
        times.Communication.Latency[0, 1].ShouldBe(0.35m);
        memory.Unit.ShouldBe(MemoryUnit.MiB);
        ((double)memory.Activation![0]).ShouldBe(1048e6 / (1 << 20), tolerance: 1e-5);
        ((double)memory.Retained![1]).ShouldBe(448e6 / (1 << 20), tolerance: 1e-5);
        ((double)memory.Limit![0]).ShouldBe(8000e6 / (1 << 20), tolerance: 1e-5, "the least of the ranks of a stage");
        ((double)memory.Limit[1]).ShouldBe(7000e6 / (1 << 20), tolerance: 1e-5);
        found.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Two_chunks_of_the_zero_bubble_runtime_are_a_V()
    {
        var found = Log(ArgumentsOfV + """
            rank 0 profiling conclusion: [(1000, 4000), (1100, 4100), (900, 3900), 20, (10.0, 40.0), (-4.0, -14.0), (-6.0, -26.0)]
            rank 1 profiling conclusion: [(2000, 3000), (2100, 3100), (1900, 2900), 20, (20.0, 30.0), (-4.0, -14.0), (-16.0, -16.0)]
            """);
        found.Profile.Pipeline.Placement.ShouldBe("v");
        found.Profile.Pipeline.Microbatches.ShouldBe(12);
        found.Profile.Times.Forward.Numbers.ShouldBe([1m, 2, 3, 4]);
        found.Profile.Times.BackwardWeight.Numbers.ShouldBe([0.9m, 1.9m, 2.9m, 3.9m]);
        found.Profile.Memory!.Limit.ShouldBeNull("nobody asked the scheduler yet");
        found.Untold.ShouldContain(sentence => sentence.StartsWith("The limit of a device's memory", StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_that_holds_no_microbatch_is_left_out_and_said_to_be()
    {
        var found = Log(Arguments + Conclusions + Question + "(-5.0, 10.0, 10.0, 10.0)\n");
        found.Profile.Memory!.Limit.ShouldBeNull();
        found = Log(Arguments + Conclusions + Question + "(5.0, 10.0, 10.0, 10.0)\n");
        found.Profile.Memory!.Limit.ShouldBeNull();
        found.Untold.ShouldContain(sentence => sentence.StartsWith("What activations may take is less", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "$.files")]
    [InlineData("max time across ranks (ms):\n    optimizer .......................................: 41.20\n", "$.files")]
    [InlineData("times across ranks (ms):\n  forward-compute:\n     rank  0: 80.00\n  backward-compute:\n     rank  0: 80.00\n", "$.files")]
    [InlineData("rank 0 profiling conclusion: [(12000,), (11500, 3), (9000,), 350, (1048.0,), (-600.0,), (-448.0,)]\n", "$.files[0].content")]
    [InlineData("rank 0 profiling conclusion: [nothing]\n", "$.files[0].content")]
    [InlineData("rank 0 profiling conclusion: [(1, 2), (1, 2), (1, 2), 3, (1, 2), (-1, -1), (0, -1)]\n", "$.pipeline.chunks")]
    public void What_lacks_something_is_refused_by_name(string rest, string path) =>
        Should.Throw<InvalidProfileException>(() => Log(Arguments + rest)).Errors.ShouldContain(error => error.Path == path);

    [Theory]
    [InlineData("""{ "devices": 3, "microbatches": 8 }""", "$.pipeline")]
    [InlineData("""{ "devices": 2, "microbatches": 0 }""", "$.pipeline.microbatches")]
    [InlineData("""{ "devices": 2, "microbatches": 8, "chunks": 2 }""", "$.pipeline.placement")]
    [InlineData("""{ "devices": 2, "microbatches": 8, "chunks": 2, "placement": "bidirectional" }""", "$.pipeline.placement")]
    [InlineData("""{ "devices": 2 }""", "$.pipeline.microbatches")]
    [InlineData("""{ "devices": 2, "microbatches": 2000000000, "chunks": 1000000000, "placement": "interleaved" }""", "$.pipeline.microbatches")]
    public void A_pipeline_that_is_none_is_refused_by_name(string pipeline, string path) =>
        Should.Throw<InvalidProfileException>(() => Log(Interval(1, 1), pipeline)).Errors.ShouldContain(error => error.Path == path);

    [Fact]
    public void A_run_that_tells_its_pipeline_is_not_told_it_again() =>
        Should.Throw<InvalidProfileException>(() => Log(Table(Run("linear", 1, "1f1b")), """{ "devices": 2, "microbatches": 8 }"""))
            .Errors.ShouldHaveSingleItem().Path.ShouldBe("$.pipeline");

    /// <summary>What Megatron prints after an interval with <c>--timing-log-option all</c>: milliseconds of an iteration on each rank.</summary>
    private static string Interval(double factor, double second)
    {
        string[] Ranks(params double[] times) =>
            [.. times.Select((time, rank) => string.Create(CultureInfo.InvariantCulture, $"     rank {rank,2}: {factor * second * time:0.00}"))];
        return string.Join('\n', [
            " [2026-09-20 21:31:05] iteration        1/       6 | elapsed time per iteration (ms): 4802.3 |",
            "times across ranks (ms):",
            "  forward-backward:", .. Ranks(900, 900, 900, 900),
            "  forward-compute:", .. Ranks(80, 88, 160, 160),
            "  backward-compute:", .. Ranks(160, 168, 320, 320),
            "  optimizer:", .. Ranks(10, 10, 10, 10), ""]);
    }

    private static string Line(string timer) => (timer + " ").PadRight(48, '.') + ": ";

    private static ImportedProfile Log(string text, string? pipeline = null)
    {
        var body = new JsonObject { ["files"] = Files(text) };
        if (pipeline is not null) body["pipeline"] = JsonNode.Parse(pipeline);
        return Import(body);
    }
}

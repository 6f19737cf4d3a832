using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ScheduleSearch.Core.Tests.Traces.WrittenRuns;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>What an import says of numbers that look wrong, and what it leaves out, case by case.</summary>
public class TraceWarningTests
{
    [Fact]
    public void A_run_in_which_nothing_is_odd_is_not_warned_of() => Warnings(Replicas()).ShouldBeEmpty();

    [Fact]
    public void Seconds_that_are_read_as_milliseconds_are_warned_of() =>
        Warnings(Replicas(scale: 0.001)).ShouldContain("The longest operation takes 0.02 ms in the median: are the times of the trace in seconds?");

    [Fact]
    public void Microseconds_that_are_read_as_seconds_are_warned_of() =>
        Warnings(Replicas(scale: 1000), "s").ShouldContain(each => each.Contains("are the times in a shorter unit?", StringComparison.Ordinal));

    [Theory]
    [InlineData(1 << 20, "Rank 0 held up to 31457280 GiB: is its memory in a smaller unit?")]
    [InlineData(1024, "Rank 0 held up to 30720 GiB: is its memory in a smaller unit?")]
    [InlineData(1, null)]
    public void Memory_in_a_smaller_unit_is_warned_of(int factor, string? warning)
    {
        var warnings = Import(new JsonObject { ["files"] = new JsonArray([.. Enumerable.Range(0, 3).Select(rank => Peaks(rank, factor))]) }).Warnings;
        if (warning is null) warnings.ShouldNotContain(each => each.Contains("unit", StringComparison.Ordinal));
        else warnings.ShouldContain(warning);
    }

    [Fact]
    public void A_backward_that_is_faster_than_its_forward_is_warned_of() =>
        Warnings(Replicas(backward: 6)).ShouldContain("Stage 0: its backward takes 6 ms, less than its forward with 10.");

    [Fact]
    public void A_rank_that_is_two_and_a_half_times_slower_is_warned_of()
    {
        var warnings = Warnings(Replicas(slow: (Replica: null, Factor: 2.5)));
        warnings.ShouldContain("Rank 2 computes 2.5 times as long as the median of the ranks.");
        warnings.ShouldNotContain(each => each.Contains("other replicas", StringComparison.Ordinal), "it is slow in all of them");
    }

    [Fact]
    public void A_rank_that_is_slow_in_one_replica_is_told_apart() =>
        Warnings(Replicas(slow: (Replica: 1, Factor: 2.5)))
            .ShouldContain("Rank 2 of replica 1 computes 2.5 times as long as the same rank of the other replicas.");

    [Fact]
    public void First_steps_that_are_slow_are_left_out_as_warm_up_and_messages_are_the_gaps()
    {
        var found = Import(new JsonObject { ["files"] = Files(Replicas(first: 3)) });
        (found.Steps.Used, found.Steps.WarmUp).ShouldBe((6, 3));
        var messages = found.Communication.ShouldNotBeNull();
        messages.Median.ShouldBe(0.5, tolerance: 1e-9);
        found.Profile.Times.Communication.Latency[0, 1].ShouldBe(0.5m);
        found.Untold.ShouldContain(sentence => sentence.StartsWith("Whole backwards are recorded", StringComparison.Ordinal));
        found.Untold.ShouldContain(sentence => sentence.StartsWith("The memory of an activation", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Warnings(string table, string unit = "ms") =>
        Import(new JsonObject { ["timeUnit"] = unit, ["files"] = Files(table) }).Warnings;

    /// <summary>Three steps of three replicas of three ranks with one microbatch, whose last rank may be slow and whose first step may be.</summary>
    private static string Replicas(double scale = 1, double backward = 20, double first = 1, (int? Replica, double Factor)? slow = null)
    {
        var table = new StringBuilder("rank,stage,kind,microbatch,start,duration,step,replica\n");
        for (var replica = 0; replica < 3; replica++)
        {
            for (var step = 0; step < 3; step++)
            {
                var (now, of) = (1e4 * step, step == 0 ? first : 1);
                foreach (var (rank, kind) in new[] { (0, "F"), (1, "F"), (2, "F"), (2, "B"), (1, "B"), (0, "B") })
                {
                    var isSlow = rank == 2 && slow is { } odd && (odd.Replica ?? replica) == replica;
                    var duration = (kind == "F" ? 10 : backward) * of * (isSlow ? slow!.Value.Factor : 1);
                    table.Append(CultureInfo.InvariantCulture, $"{rank},{rank},{kind},0,{scale * now},{scale * duration},{step},{replica}\n");
                    now += duration + (rank == 2 && kind == "F" ? 0 : 0.5 * of);
                }
            }
        }

        return table.ToString();
    }

    /// <summary>The <c>pp_data</c> of a rank of three under 1F1B with three microbatches.</summary>
    private static JsonObject Peaks(int rank, int factor)
    {
        var (forwards, backwards) = (new List<double>(), new List<double>());
        var warm = 3 - rank;
        var now = 10.0 * rank;
        for (var microbatch = 0; microbatch < warm; microbatch++, now += 10) forwards.Add(now);
        now = 30 + 20 * (2 - rank);
        for (var microbatch = 0; microbatch < 3; microbatch++)
        {
            backwards.Add(now);
            now += 20;
            if (forwards.Count == 3) continue;
            forwards.Add(now);
            now += 10;
        }

        JsonArray Ends(List<double> starts, double duration) => new([.. starts.Select(start => JsonValue.Create(start + duration))]);
        return new JsonObject
        {
            ["name"] = $"pp_rank_{rank}.json",
            ["content"] = new JsonObject
            {
                ["1"] = new JsonObject
                {
                    ["fwd_start"] = Ends(forwards, 0),
                    ["fwd_end"] = Ends(forwards, 10),
                    ["bwd_start"] = Ends(backwards, 0),
                    ["bwd_end"] = Ends(backwards, 20),
                    ["memory"] = (double)factor * (30 - 5 * rank),
                },
            },
        };
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static ScheduleSearch.Core.Tests.Traces.WrittenRuns;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>Marks of pairs, which PyTorch's runtime names by both of their actions.</summary>
public class PairMarkTests
{
    /// <summary>One rank with two stages, of which forwards of the first and backwards of the second run together: what each takes, alone and paired.</summary>
    private static readonly (string Action, double Milliseconds)[] Step =
    [
        ("0F0", 10), ("1F0", 10), ("(0F1;1B0)OVERLAP_F_B", 24), ("1F1", 10), ("(0F2;1B1)OVERLAP_F_B", 24), ("0B0", 20), ("1F2", 10), ("1B2", 20), ("0B1", 20),
        ("0B2", 20),
    ];

    [Fact]
    public void A_pair_is_both_of_its_operations_and_what_it_saves_is_the_profiles_gain()
    {
        var found = Import(Traced(Step));
        found.Steps.Used.ShouldBe(3);
        found.Profile.Times.Forward[0].ShouldBe(8m, "of 24 ms a third is the forward's, and two of three are in pairs");
        found.Profile.Times.Forward[1].ShouldBe(10m);
        found.Profile.Overlap.ShouldNotBeNull().Gain![0, 1].ShouldBe(0.6m, "6 of the 10 ms of the shorter one");
        found.Fidelity!.OwnError.ShouldBe(0, tolerance: 1e-9);
        found.Untold.ShouldContain(sentence => sentence.StartsWith("Pairs that overlap are recorded as one", StringComparison.Ordinal));
    }

    [Fact]
    public void Pairs_that_save_nothing_have_no_gain() =>
        Import(Traced([.. Step.Select(mark => mark.Action.StartsWith('(') ? (mark.Action, 30.0) : mark)])).Profile.Overlap.ShouldBeNull();

    private static JsonObject Traced((string Action, double Milliseconds)[] marks)
    {
        var (events, now) = (new JsonArray(), 0.0);
        for (var step = 0; step < 3; step++)
        {
            foreach (var (action, milliseconds) in marks)
            {
                events.Add(JsonNode.Parse(string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{ "ph": "X", "cat": "user_annotation", "name": "PP:{{action}}", "ts": {{1000 * now}}, "dur": {{1000 * milliseconds}} }""")));
                now += milliseconds;
            }
        }

        var file = new JsonObject { ["name"] = "rank0.json", ["content"] = new JsonObject { ["traceEvents"] = events } };
        return new JsonObject { ["files"] = new JsonArray(file) };
    }
}

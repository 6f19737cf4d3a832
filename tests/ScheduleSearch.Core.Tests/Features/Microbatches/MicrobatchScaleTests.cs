using System.Text.Json;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Microbatches;

/// <summary>Microbatches of unequal cost: what their operations take and hold, and what is said of factors that cannot be meant.</summary>
public class MicrobatchScaleTests
{
    private static readonly Profile Unequal = Shape.Profile(devices: 2, microbatches: 3, communication: 1, limit: 9, activation: 3) with
    {
        MicrobatchScale = new() { Forward = [1, 2.5m, 0.125m], Backward = [1, 3, 0.5m], Activation = [1, 2, 0.333m] },
    };

    [Fact]
    public void Operations_take_and_hold_what_their_microbatch_makes_of_it()
    {
        var problem = Problem.Create(Unequal);
        var graph = OperationGraph.Build(problem);
        decimal TimeOf(Operation operation) => problem.TimeScale.FromTicks(graph.Durations[graph.IndexOf(operation)]);
        TimeOf(Operation.Forward(0, 1)).ShouldBe(2.5m);
        TimeOf(Operation.BackwardInput(1, 1)).ShouldBe(3);
        TimeOf(Operation.BackwardWeight(0, 2)).ShouldBe(0.5m);
        decimal HeldOf(int microbatch) => graph.Holdings.ToArray().Where(holding => graph.Operations[holding.From] == Operation.Forward(0, microbatch))
            .Sum(holding => problem.MemoryScale.FromTicks(holding.Units));
        new[] { HeldOf(0), HeldOf(1), HeldOf(2) }.ShouldBe([3m, 6, 0.999m]);
    }

    [Fact]
    public void Gradients_take_the_factors_of_forwards_where_they_have_none()
    {
        var problem = Problem.Create(Unequal with { MicrobatchScale = new() { Forward = [1, 2, 3] } }, splitBackward: false);
        var graph = OperationGraph.Build(problem);
        problem.TimeScale.FromTicks(graph.Durations[graph.IndexOf(Operation.Backward(0, 2))]).ShouldBe(6);
    }

    [Fact]
    public void A_schedule_of_equal_microbatches_breaks_the_durations_and_one_that_holds_too_much_the_memory()
    {
        var equal = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(Unequal with { MicrobatchScale = null })));
        var problem = Problem.Create(Unequal);
        Verifier.Check(problem, TimedOperation.DevicesOf(equal)).ShouldContain(violation => violation.Rule == "duration");
        var own = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem));
        Verifier.Check(problem, TimedOperation.DevicesOf(own)).ShouldBeEmpty();
        // A forward of 3 and one of 6 are all that 9 holds.
        var early = Enumerable.Range(0, 3).Select(microbatch => Operation.Forward(0, microbatch))
            .Concat(Enumerable.Range(0, 3).SelectMany(microbatch => new[] { Operation.BackwardInput(0, microbatch), Operation.BackwardWeight(0, microbatch) }));
        var later = Enumerable.Range(0, 3).SelectMany(microbatch =>
            new[] { Operation.Forward(1, microbatch), Operation.BackwardInput(1, microbatch), Operation.BackwardWeight(1, microbatch) });
        Verifier.CheckOrder(problem, [[.. early], [.. later]]).ShouldHaveSingleItem().Message.ShouldBe("Device 0 holds 9.999; the limit is 9.");
    }

    [Fact]
    public void The_largest_microbatch_has_to_fit() =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(Unequal with { Memory = Unequal.Memory! with { Limit = 5 } })).Errors
            .ShouldHaveSingleItem().Message.ShouldContain("needs at least 6");

    [Fact]
    public void A_pair_takes_the_time_of_its_two_microbatches()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, chunks: 2, placement: "v", forward: 2, backwardInput: 2, backwardWeight: 1);
        var problem = Problem.Create(profile with { MicrobatchScale = new() { Forward = [1, 2, 3, 4], Backward = [4, 3, 2, 1] } });
        var timeline = Replay.Run(FamilyCatalogue.Find("dualpipe-v")!.ScheduleOf(problem));
        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        var (graph, pairs) = (timeline.Graph, timeline.Graph.Selection.Pairs);
        pairs.ShouldNotBeEmpty();
        foreach (var (forward, backward) in pairs)
        {
            problem.TimeScale.FromTicks(graph.Durations[graph.IndexOf(forward)]).ShouldBe(2 * (forward.Microbatch + 1) + 3 * (4 - backward.Microbatch));
            graph.Durations[graph.IndexOf(backward)].ShouldBe(0);
        }
    }

    [Fact]
    public void Factors_of_one_are_the_problem_without_them()
    {
        var plain = Unequal with { MicrobatchScale = null };
        var ones = Problem.Create(plain with { MicrobatchScale = new() { Forward = [1, 1, 1.0m] } });
        ones.Id.ShouldBe(Problem.Create(plain).Id);
        ones.Features.ShouldBeEmpty();
        Problem.Create(Unequal).Id.ShouldNotBe(ones.Id);
    }

    [Fact]
    public void A_list_has_the_factors_of_all_times()
    {
        Read("[1, 2.5, 3]").ShouldBe(Problem.Create(Unequal with { MicrobatchScale = new() { Forward = [1, 2.5m, 3] } }).Id);
        Read("""{ "forward": [1, 2.5, 3], "backward": [1, 2.5, 3] }""").ShouldBe(Read("[1, 2.5, 3]"));
    }

    [Theory]
    [InlineData("[1, 2.5, 3]", """[{ "scale": 1 }, { "scale": 2.5 }, { "scale": 3 }]""")]
    [InlineData("""{ "activation": [1, 2, 1] }""", """[{}, { "activationScale": 2 }, { "scale": 1 }]""")]
    [InlineData("[1, 1, 1]", "[{}, {}, {}]")]
    public void Microbatches_one_by_one_are_the_same_problem_and_written_as_their_factors(string scale, string microbatches)
    {
        var one = Problem.Create(ReadProfile($"\"microbatches\":{microbatches}"));
        one.Id.ShouldBe(Read(scale));
        Encoding(ReadProfile($"\"microbatches\":{microbatches}")).ShouldNotContain("\"microbatches\":[");
        Problem.Create(ReadProfile(Encoding(one.Profile)[1..^1])).Id.ShouldBe(one.Id);
    }

    [Theory]
    [InlineData("\"microbatches\":[{}, {}]", "$.profile.microbatches", "Has 2 microbatches, and pipeline.microbatches is 3", ProfileErrorKind.Impossible)]
    [InlineData("\"microbatches\":[{}, {}, { \"scale\": 0 }]", "$.profile.microbatches[2].scale", "must be from 0.001", ProfileErrorKind.Malformed)]
    [InlineData("\"microbatches\":[{}, 2, {}]", "$.profile.microbatches[1]", "must be an object", ProfileErrorKind.Malformed)]
    [InlineData(
        "\"microbatches\":[{}, {}, {}],\"microbatchScale\":[1, 1, 2]", "$.profile.microbatches", "Does not go with microbatchScale", ProfileErrorKind.Malformed)]
    [InlineData("\"microbatches\":[{}, {}, {}],\"slices\":{ \"count\": 2 }", "$.profile.microbatches", "Does not go with slices", ProfileErrorKind.Malformed)]
    public void What_cannot_be_a_list_of_microbatches_is_named(string members, string path, string message, ProfileErrorKind kind)
    {
        var error = Should.Throw<InvalidProfileException>(() => Problem.Create(ReadProfile(members))).Errors.ShouldHaveSingleItem();
        (error.Path, error.Kind).ShouldBe((path, kind));
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void Factors_that_are_all_the_same_multiply_the_times()
    {
        var plain = Unequal with { MicrobatchScale = null };
        var twice = Problem.Create(plain with { MicrobatchScale = new() { Forward = [2, 2, 2], Backward = [0.5m, 0.5m, 0.5m], Activation = [3, 3, 3] } });
        twice.Features.ShouldBeEmpty();
        var multiplied = plain with
        {
            Times = plain.Times with { Forward = 2, BackwardInput = 0.5m, BackwardWeight = 0.5m },
            Memory = plain.Memory! with { Activation = 9 },
        };
        twice.Id.ShouldBe(Problem.Create(multiplied).Id);
        twice.TimeScale.Digits.ShouldBe(Problem.Create(multiplied).TimeScale.Digits);
        // What is recomputed takes its microbatch's share too, which the times of stages do not say.
        Problem.Create(plain with { Recompute = new() { Time = 1, Kept = 1 }, MicrobatchScale = new() { Forward = [2, 2, 2] } })
            .Features.ShouldContain(feature => feature.Name == MicrobatchesFeature.Id);
    }

    [Theory]
    [InlineData("[1, 2]", "$.profile.microbatchScale.forward")]
    [InlineData("[1, 2, 0]", "$.profile.microbatchScale.forward[2]")]
    [InlineData("[1, 2, 1.0001]", "$.profile.microbatchScale.forward[2]")]
    [InlineData("7", "$.profile.microbatchScale")]
    [InlineData("""{ "activation": [1, 1001, 1] }""", "$.profile.microbatchScale.activation[1]")]
    public void What_cannot_be_a_factor_is_named(string json, string path) =>
        Should.Throw<InvalidProfileException>(() => Read(json)).Errors.ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void What_it_does_not_go_with_is_said()
    {
        string Refusal(Profile profile) => Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors[0].Message;
        Refusal(Unequal with { Slices = new() { Count = 2 } }).ShouldContain("Does not go with slices");
        Refusal(Unequal with { Overlap = new() { Duration = 2 } }).ShouldContain("Does not go with overlap");
        Refusal(Unequal with { Pipeline = Unequal.Pipeline with { Placement = "bidirectional" } }).ShouldContain("two pipes");
    }

    [Fact]
    public void Bounds_hold_for_every_family_in_whatever_order_microbatches_enter()
    {
        int[][] orders = [[0, 1, 2], [2, 0, 1], [1, 0, 2], [2, 1, 0]];
        foreach (var objective in Enum.GetValues<Objective>())
        {
            var problem = Problem.Create(Unequal with { Memory = null }, objective);
            var bound = BoundCatalogue.Best(problem);
            bound.Name.ShouldBe("microbatch-sum");
            foreach (var order in orders)
            {
                var entering = problem.Entering(order);
                BoundCatalogue.Best(entering).ShouldBe(bound);
                foreach (var family in FamilyCatalogue.Admitted(entering))
                    ScheduleMetrics.Of(Replay.Run(family.ScheduleOf(entering))).Objective.ShouldBeGreaterThanOrEqualTo(bound.Ticks, family.Name);
            }
        }
    }

    /// <summary>Memory that holds the largest microbatch and no whole one of factor 1.</summary>
    [Theory]
    [InlineData(6, "0.5")]
    [InlineData(25, "2.5")]
    public void Families_plan_with_what_the_largest_microbatch_holds(int limit, string factor)
    {
        var half = decimal.Parse(factor, System.Globalization.CultureInfo.InvariantCulture);
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 4, limit: limit, activation: 10) with
        {
            MicrobatchScale = new() { Activation = [half, half, half, 0.1m] },
        });
        var families = FamilyCatalogue.Admitted(problem).ToList();
        families.ShouldContain(family => family.Name == "zb-auto");
        families.Single(family => family.Name == "zb-auto").ScheduleOf(problem).FitsMemory().ShouldBeTrue();
    }

    [Fact]
    public void Factors_that_leave_nothing_of_a_number_are_refused()
    {
        var profile = Shape.Profile(devices: 16, microbatches: 1000, forward: 900_000_000m, backwardInput: 1, backwardWeight: 1) with
        {
            MicrobatchScale = new() { Forward = [.. Enumerable.Range(0, 1000).Select(microbatch => microbatch == 0 ? 1000m : 1)] },
        };
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors.ShouldHaveSingleItem().Path.ShouldBe("$.profile.microbatchScale.forward");
    }

    [Fact]
    public void Streams_need_not_be_told()
    {
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(Unequal, splitBackward: false)));
        foreach (var format in InstructionFormatCatalogue.All) Streams.Text(format.Name, timeline).ShouldNotBeEmpty(format.Name);
    }

    private static string Read(string json) => Problem.Create(ReadProfile($"\"microbatchScale\":{json}")).Id;

    /// <summary>The profile that is read of what a profile without factors has and some members.</summary>
    private static Profile ReadProfile(string members)
    {
        var profile = members.Contains("pipeline", StringComparison.Ordinal)
            ? $"{{{members}}}"
            : Encoding(Unequal with { MicrobatchScale = null }).Insert(1, $"{members},");
        var errors = new List<ProfileError>();
        var read = ProfileJson.ReadProfile(JsonDocument.Parse(profile).RootElement, "$.profile", errors);
        return errors.Count > 0 ? throw new InvalidProfileException(errors) : read!;
    }

    private static string Encoding(Profile profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ProfileJson.Write(writer, profile);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}

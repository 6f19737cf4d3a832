using System.Text.Json.Nodes;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Backward;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Backward;

/// <summary>A fused backward that takes a time of its own: which problem that is, what is tried, and how what is wrong is named.</summary>
public class BackwardTests
{
    private static readonly Profile Given = WrittenProfile.Read("""
        {
          "pipeline": { "devices": 2, "microbatches": 4 },
          "times": { "forward": [1, 2], "backwardInput": [3, 2], "backwardWeight": 1.5, "backward": [2.25, 4] },
          "memory": { "activation": 2, "retained": 1, "limit": 8 }
        }
        """);

    /// <summary>The same whole backwards, stated without the member.</summary>
    private static Profile Whole(Profile profile) =>
        profile with { Times = profile.Times with { BackwardInput = profile.Times.Backward!, BackwardWeight = 0, Backward = null } };

    private static Profile Halves(Profile profile) => profile with { Times = profile.Times with { Backward = null } };

    [Fact]
    public void Fused_backwards_take_the_time_and_split_ones_do_not()
    {
        var fused = Problem.Create(Given, splitBackward: false);
        fused.Id.ShouldBe(Problem.Create(Whole(Given), splitBackward: false).Id);
        Problem.Create(Given).Id.ShouldBe(Problem.Create(Halves(Given)).Id);
        // 1F1B, by hand: two forwards, then backwards of 2.25 on the first stage and of 4 on the last.
        ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(fused))).Makespan.ShouldBe(fused.TicksOf(1 + 4 * (2 + 4) + 2.25m));
    }

    [Theory]
    [InlineData(BackwardChoice.Split, true)]
    [InlineData(BackwardChoice.Fused, false)]
    public void A_profile_may_say_it_as_the_options_do(BackwardChoice choice, bool split)
    {
        var said = Given with { Backward = new() { Choose = choice } };
        Problem.Create(said).Id.ShouldBe(Problem.Create(Given, splitBackward: split).Id);
        Problem.Create(said).SplitBackward.ShouldBe(split);
    }

    [Fact]
    public void Whatever_else_a_profile_has_it_is_the_same_problem_as_one_whose_whole_backwards_take_that_time()
    {
        Profile[] profiles =
        [
            Given with { Recompute = new() { Time = 1, Kept = 0.5m, Stages = [0] } },
            Given with { Optimizer = new() { Step = 1 } },
            Given with { Fill = [new() { Name = "encoder", Duration = 1, Device = 0 }] },
            Given with { Devices = [new() { Speed = 2 }, new()] },
            Given with { MicrobatchScale = new() { Forward = [1, 2, 1, 1], Backward = [1, 2, 1, 1], Activation = [1, 1, 1, 1] } },
            Given with { Pipeline = Given.Pipeline with { Placement = "bidirectional" } },
            Given with { Mode = IterationMode.Forward },
        ];
        foreach (var profile in profiles)
            Problem.Create(profile, splitBackward: false).Id.ShouldBe(Problem.Create(Whole(profile), splitBackward: false).Id);
    }

    [Fact]
    public void A_search_tries_both_where_splitting_costs_more_on_some_stage()
    {
        var opened = new BackwardFeature().Opened(Given, new SolveOptions());
        opened.Backward!.Choose.ShouldBe(BackwardChoice.Search);
        var choice = PlacementChoice.Create(opened, Objective.Makespan, splitBackward: true);
        choice.Problems.Select(problem => problem.Id)
            .ShouldBe([Problem.Create(Given).Id, Problem.Create(Given, splitBackward: false).Id]);
        choice.Alternatives.Select(alternative => alternative.With["backward.choose"].GetString()).ShouldBe(["split", "fused"]);
        choice.Id.ShouldNotBe(PlacementChoice.Create(
            opened with { Times = opened.Times with { Backward = 3 } }, Objective.Makespan, splitBackward: true).Id);

        PlacementChoice.Create(opened with { Devices = [new() { Speed = 2 }, new()] }, Objective.Makespan, splitBackward: true).Problems.Count().ShouldBe(2);

        new BackwardFeature().Opened(Given, new SolveOptions { SplitBackward = false }).ShouldBe(Given);
        new BackwardFeature().Opened(Given, new SolveOptions { Family = "zb-h1" }).ShouldBe(Given);
        new BackwardFeature().Opened(Given, new SolveOptions { Family = "1f1b" }).Backward!.Choose.ShouldBe(BackwardChoice.Fused);
        var slow = Given with { Times = Given.Times with { Backward = new[] { 4.5m, 4 } } };
        new BackwardFeature().Opened(slow, new SolveOptions()).ShouldBe(slow);
        PlacementChoice.Create(opened, Objective.Makespan, splitBackward: false).Problems.ShouldHaveSingleItem().SplitBackward.ShouldBeFalse();
    }

    [Fact]
    public void Every_placement_is_tried_both_ways_with_merged_times_added_up()
    {
        var profile = WrittenProfile.Read("""
            {
              "pipeline": { "devices": 2, "microbatches": 2, "chunks": 2, "placement": "best" },
              "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1, "backward": [1, 1.25, 1.5, 1.75] },
              "backward": { "choose": "search" }
            }
            """);
        var choice = PlacementChoice.Create(profile, Objective.Makespan, splitBackward: true);
        var linear = choice.Problems.Where(problem => problem.Placement.Name == "linear").ToList();
        linear.Select(problem => problem.SplitBackward).ShouldBe([true, false]);
        linear[1].BackwardInput.ShouldBe([linear[1].TicksOf(2.25m), linear[1].TicksOf(3.25m)]);
        choice.Problems.Count(problem => problem.SplitBackward).ShouldBe(choice.Problems.Count(problem => !problem.SplitBackward));
    }

    [Theory]
    [InlineData("""{ "backward": { "choose": "search" } }""", "$.profile.backward.choose")]
    [InlineData("""{ "times": { "backward": [0, 1] } }""", "$.profile.times.backward[0]")]
    [InlineData("""{ "times": { "backward": 0 } }""", "$.profile.times.backward")]
    [InlineData("""{ "times": { "backward": [1, 1, 1] } }""", "$.profile.times.backward")]
    [InlineData("""{ "times": { "backward": -1 } }""", "$.profile.times.backward")]
    [InlineData("""{ "times": { "backward": 1 }, "overlap": { "gain": 0.5 } }""", "$.profile.times.backward")]
    [InlineData("""{ "times": { "backward": 1 }, "slices": { "count": 2 } }""", "$.profile.times.backward")]
    [InlineData("""{ "backward": { "choose": "split" }, "slices": { "count": 2 } }""", "$.profile.backward")]
    public void What_is_wrong_is_named(string members, string path) => FaultsOf(members, splitBackward: true).ShouldBe([path]);

    [Fact]
    public void Options_that_rule_splitting_out_do_not_go_with_a_profile_that_asks_for_it() =>
        FaultsOf("""{ "backward": { "choose": "split" } }""", splitBackward: false).ShouldBe(["$.profile.backward.choose"]);

    /// <summary>What is wrong with a profile of plain stages with more members.</summary>
    private static List<string> FaultsOf(string members, bool splitBackward)
    {
        var profile = JsonNode.Parse(
            """{ "pipeline": { "devices": 2, "microbatches": 4 }, "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 } }""")!.AsObject();
        foreach (var (section, given) in JsonNode.Parse(members)!.AsObject())
        {
            if (section == "times") profile["times"]!["backward"] = given!["backward"]!.DeepClone();
            else profile[section] = given!.DeepClone();
        }

        return Should.Throw<InvalidProfileException>(() => Problem.Create(WrittenProfile.Read(profile.ToJsonString()), splitBackward: splitBackward))
            .Errors.Select(error => error.Path).ToList();
    }
}

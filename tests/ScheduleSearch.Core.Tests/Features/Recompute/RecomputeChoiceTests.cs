using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Core.Tests.Features.Recompute;

/// <summary>Which stages recompute, left to the search: what is tried, what a row says of it, and what is proved of all choices.</summary>
public class RecomputeChoiceTests(ITestOutputHelper output)
{
    private static readonly RecomputeLevel[] TwoLevels = [new() { Time = 1, Kept = 2 }, new() { Time = 3, Kept = 0.5m }];

    [Fact]
    public void Few_stages_are_tried_in_every_way()
    {
        var choice = Create(Tight(devices: 2) with { Recompute = Open(new() { Kept = 1, Time = 2 }) });
        choice.Alternatives.Select(ValueOf).ShouldBe(["\"none\"", "[1]", "[0]", "\"all\""], ignoreOrder: true);
        ValueOf(choice.Alternatives[0]).ShouldBe("\"none\"");
        ValueOf(choice.Alternatives[^1]).ShouldBe("\"all\"");
        new BoundedChoice(choice).Untried.ShouldBeNull();
    }

    [Fact]
    public void With_room_for_everything_nothing_is_recomputed()
    {
        var roomy = Shape.Profile(devices: 4, microbatches: 8, activation: 4) with { Recompute = Open(new() { Kept = 1 }) };
        foreach (var profile in new[] { roomy, roomy with { Memory = roomy.Memory! with { Limit = 32 } } })
        {
            var choice = Create(profile);
            choice.Alternatives.ShouldHaveSingleItem().With["recompute.choose"].GetString().ShouldBe("none");
            new BoundedChoice(choice).Untried.ShouldBeNull();
        }

        Create(roomy with { Memory = roomy.Memory! with { Limit = 31 } }).Alternatives.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Of_many_stages_some_choices_are_tried_none_and_all_among_them_each_once()
    {
        var choice = Create(Tight(devices: 8) with { Recompute = Open(new() { Kept = 1, Time = 2 }) });
        var values = choice.Alternatives.Select(ValueOf).ToList();
        values.Count.ShouldBeInRange(4, 8);
        (values[0], values[^1]).ShouldBe(("\"none\"", "\"all\""));
        choice.Problems.Select(problem => problem.Id).Distinct().Count().ShouldBe(values.Count);
        choice.Alternatives[0].With.Keys.ShouldBe(["recompute.choose"]);
    }

    [Fact]
    public void A_choice_without_room_has_its_reason()
    {
        var choice = Create(Tight(devices: 2, limit: 7) with { Recompute = Open(new() { Kept = 1, Time = 2 }), Pipeline = TwoChunks("v") });
        choice.Alternatives[0].Problem.ShouldBeNull();
        choice.Alternatives[0].Reason!.ShouldContain("Device");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_row_says_can_be_put_into_the_profile(bool hasLevels)
    {
        var recompute = hasLevels ? new ActivationRecompute { Levels = [.. TwoLevels] } : new() { Kept = 1, Time = 2 };
        var open = Tight(devices: 4) with { Recompute = Open(recompute) };
        foreach (var alternative in Create(open).Alternatives.Where(alternative => alternative.Problem is not null))
        {
            var json = Written(open);
            var (member, value) = alternative.With.Single();
            if (member == "recompute") json["recompute"] = JsonNode.Parse(value.GetRawText());
            else json["recompute"]!["choose"] = JsonNode.Parse(value.GetRawText());
            var pasted = ProfileJson.ReadProfile(JsonSerializer.SerializeToElement(json), "$.profile", [])!;
            Problem.Create(pasted).Id.ShouldBe(alternative.Problem!.Id);
        }
    }

    [Fact]
    public void Each_stage_takes_one_of_the_levels_or_none()
    {
        RecomputeLevel[] worse = [new() { Time = 4, Kept = 0.5m }, new() { Time = 0.5m, Kept = 4 }];
        var choice = Create(Tight(devices: 1) with { Recompute = Open(new() { Levels = [.. TwoLevels, .. worse] }) });
        choice.Problems.Select(problem => (TimeOf(problem), problem.MemoryScale.FromTicks(problem.DroppedAfterForward(0))))
            .ShouldBe([(0, 0), (1, 2), (3, 3.5m)]);
    }

    [Fact]
    public void Levels_are_for_the_search_and_have_the_place_of_time_and_kept()
    {
        ErrorsOf(new() { Levels = [.. TwoLevels] }).ShouldBe(
        [
            "$.profile.recompute.levels: Are levels of which the search takes one for each stage: "
            + "set recompute.choose to search, or give time and kept in their place.",
        ]);
        ErrorsOf(Open(new() { Levels = [.. TwoLevels], Time = 1, Kept = 1 })).Select(error => error[..error.IndexOf(':')])
            .ShouldBe(["$.profile.recompute.time", "$.profile.recompute.kept"]);
        ErrorsOf(Open(new() { Levels = [] })).ShouldBe(["$.profile.recompute.levels: Has 0 levels; must have 1 to 8."]);
        ErrorsOf(Open(new() { Levels = [TwoLevels[0], new() { Kept = 5 }] })).ShouldBe(
            ["$.profile.recompute.levels[1].kept: 5 is more than the activation it is a part of (4)."]);
        ErrorsOf(Open(new())).ShouldBe(["$.profile.recompute.kept: Is missing."]);
    }

    [Fact]
    public void Merged_stages_add_up_each_level()
    {
        var open = Tight(devices: 2) with { Recompute = Open(new() { Levels = [.. TwoLevels] }), Pipeline = TwoChunks("best") };
        var choice = PlacementChoice.Create(open, Objective.Makespan, splitBackward: true);
        var linear = choice.Problems.Where(problem => problem.Placement.Name == "linear").ToList();
        linear.ConvertAll(TimeOf).ShouldBeSubsetOf([0, 2, 6]);
        (TimeOf(linear[0]), TimeOf(linear[^1])).ShouldBe((0, 6));
        linear.ShouldAllBe(problem => problem.Stages == 2);
        choice.Id.ShouldNotBe(PlacementChoice.Create(open with { Recompute = null }, Objective.Makespan, splitBackward: true).Id);
    }

    [Fact]
    public void What_is_proved_of_all_choices_is_no_more_than_the_best_order_of_the_best_choice()
    {
        var (random, compared, met, listed) = (new Random(13), 0, 0, 0);
        for (var draw = 0; draw < 45; draw++)
        {
            var (open, objective) = (Draw(random), random.Next(2) == 0 ? Objective.Makespan : Objective.Span);
            var split = random.Next(2) == 0;
            if (TryCreate(open, objective, split) is not { } choice || choice.Alternatives[0].Relaxed is null) continue;
            if (Optimum(Every(open), objective, split) is not { } optimum) continue;
            var best = Optimum(choice.Alternatives.Select(alternative => alternative.Problem?.Profile).OfType<Profile>(), objective, split);
            var bound = new BoundedChoice(choice).Untried!.Value.Time;
            bound.ShouldBeLessThanOrEqualTo(optimum, $"draw {draw}");
            (compared, met, listed) = (compared + 1, met + (bound == optimum ? 1 : 0), listed + (best == optimum ? 1 : 0));
        }

        output.WriteLine($"Of {compared} choices {met} are proved, and {listed} have a best selection among those tried.");
        compared.ShouldBeGreaterThan(18);
        met.ShouldBeGreaterThan(compared / 4);
        listed.ShouldBeGreaterThan(compared * 3 / 4);
    }

    private static Profile Draw(Random random)
    {
        // Four stages in two ways each, or two in three ways: more than are tried.
        var hasLevels = random.Next(2) == 0;
        var stages = hasLevels ? 2 : 4;
        var activation = Each(() => random.Next(2, 5));
        return new Profile
        {
            Pipeline = new() { Devices = stages, Microbatches = hasLevels ? random.Next(2, 4) : 2 },
            Times = new()
            {
                Forward = Each(() => random.Next(1, 5)),
                BackwardInput = Each(() => random.Next(1, 5)),
                BackwardWeight = Each(() => random.Next(0, 3)),
            },
            Memory = new()
            {
                Activation = activation,
                Retained = StageValues.Each(activation.Numbers.Select(units => units - random.Next(2))),
                Limit = Each(() => random.Next(4, 8)),
            },
            Recompute = Open(hasLevels
                ? new() { Levels = [new() { Time = 1, Kept = Part(activation, 2) }, new() { Time = random.Next(2, 5), Kept = 0 }] }
                : new() { Time = Each(() => random.Next(1, 4)), Kept = Part(activation, random.Next(1, 3)) }),
        };

        StageValues Each(Func<int> draw) => StageValues.Each(Enumerable.Range(0, stages).Select(_ => (decimal)draw()));
    }

    private static StageValues Part(StageValues activation, int share) => StageValues.Each(activation.Numbers.Select(units => Math.Floor(units / share / 2)));

    /// <summary>Every selection, made without what makes the alternatives.</summary>
    private static IEnumerable<Profile> Every(Profile open)
    {
        var (stages, recompute) = (open.Pipeline.Devices, open.Recompute!);
        List<RecomputeLevel?> levels = [null, .. recompute.Levels ?? [new() { Time = recompute.Time, Kept = recompute.Kept! }]];
        for (var number = 0; number < Math.Pow(levels.Count, stages); number++)
        {
            var chosen = Enumerable.Range(0, stages).Select(stage => levels[number / (int)Math.Pow(levels.Count, stage) % levels.Count]).ToList();
            yield return open with
            {
                Recompute = new()
                {
                    Time = StageValues.Each(chosen.Select((level, stage) => level?.Time![stage] ?? 0)),
                    Kept = StageValues.Each(chosen.Select((level, stage) => level?.Kept[stage] ?? 0)),
                    Stages = [.. Enumerable.Range(0, stages).Where(stage => chosen[stage] is not null)],
                },
            };
        }
    }

    private static decimal? Optimum(IEnumerable<Profile> closed, Objective objective, bool split)
    {
        decimal? least = null;
        foreach (var profile in closed)
        {
            Problem problem;
            try
            {
                problem = Problem.Create(profile, objective, split);
            }
            catch (InvalidProfileException)
            {
                continue;
            }

            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 10_000) is not { } search) return null;
            least = Math.Min(least ?? decimal.MaxValue, problem.TimeScale.FromTicks(search.Optimum));
        }

        return least;
    }

    private static JsonNode Written(Profile profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ProfileJson.Write(writer, profile);
        return JsonNode.Parse(stream.ToArray())!;
    }

    private static PipelineShape TwoChunks(string placement) => new() { Devices = 2, Chunks = 2, Placement = placement, Microbatches = 4 };

    private static Profile Tight(int devices, decimal limit = 9) => Shape.Profile(devices, microbatches: 8, activation: 4, limit: limit);

    private static ActivationRecompute Open(ActivationRecompute recompute) => recompute with { IsLeftOpen = true };

    private static decimal TimeOf(Problem problem) => problem.TimeScale.FromTicks(problem.AddedWork(0));

    private static string ValueOf(PlacementAlternative alternative) => alternative.With.Single().Value.GetRawText();

    private static PlacementChoice Create(Profile open) => PlacementChoice.Create(open, Objective.Makespan, splitBackward: true);

    private static PlacementChoice? TryCreate(Profile open, Objective objective, bool split)
    {
        try
        {
            return PlacementChoice.Create(open, objective, split);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    private static ImmutableArray<string> ErrorsOf(ActivationRecompute recompute)
    {
        var profile = Tight(devices: 2) with { Recompute = recompute };
        var invalid = Should.Throw<InvalidProfileException>(() => recompute.IsLeftOpen ? (object)Create(profile) : Problem.Create(profile));
        return [.. invalid.Errors.Select(error => $"{error.Path}: {error.Message}")];
    }
}

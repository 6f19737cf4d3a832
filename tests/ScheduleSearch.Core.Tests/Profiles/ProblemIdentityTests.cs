using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public class ProblemIdentityTests
{
    private static readonly Profile Base = Shape.Profile(devices: 2, microbatches: 4, forward: 1.5m, communication: 0.25m, limit: 4, retained: 1);

    [Fact]
    public void An_id_is_64_lower_case_hex_digits() => Id(Base).ShouldMatch("^[0-9a-f]{64}$");

    [Fact]
    public void The_same_problem_in_other_words_has_the_same_id()
    {
        var same = new[]
        {
            Base with { Name = "renamed" },
            Base with { Pipeline = Base.Pipeline with { Placement = "linear" } },
            Base with { Times = Base.Times with { Forward = 1.50m } },
            Base with { Times = Base.Times with { Forward = new[] { 1.5m, 1.500m } } },
            Base with { Times = Base.Times with { Communication = LinkValues.Each([[0, 0.25m], [0.25m, 99]]) } },
            Base with { Memory = Base.Memory! with { Limit = new[] { 4m, 4m } } },
            Base with { Memory = Base.Memory! with { Retained = null } },
            Base with { Memory = Base.Memory! with { Retained = new[] { 1m, 1m } } },
        };

        foreach (var profile in same) Id(profile).ShouldBe(Id(Base));
    }

    [Fact]
    public void Whatever_changes_the_problem_changes_the_id()
    {
        Profile[] others =
        [
            Base,
            Shape.Profile(devices: 3, microbatches: 4),
            Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional"),
            Base with { Overlap = new() { Duration = 3 } },
            Base with { Slices = new() { Count = 2 } },
            Base with { Slices = new() { Count = 2, Forward = [1, 2] } },
            Base with { Slices = new() { Count = 2, Backward = [1, 2] } },
            Base with { Slices = new() { Count = 2, Activation = [1, 2] } },
            Base with { Slices = new() { Count = 2, KeyValue = 0.5m } },
            Base with { Slices = new() { Count = 2, KeyValue = new[] { 0.5m, 0.25m } } },
            Base with { Recompute = new() { Kept = 0.5m } },
            Base with { Recompute = new() { Kept = 0.5m, Stages = [] } },
            Base with { Memory = Base.Memory! with { Weights = 1 } },
            Shape.Profile(devices: 2, microbatches: 5),
            Shape.Profile(devices: 2, microbatches: 4, chunks: 2, "v"),
            Shape.Profile(devices: 2, microbatches: 4, chunks: 2, "interleaved"),
            Base with { Times = Base.Times with { Forward = 1.51m } },
            Base with { Times = Base.Times with { BackwardInput = 1.5m } },
            Base with { Times = Base.Times with { Unit = TimeUnit.us } },
            Base with { Times = Base.Times with { Communication = LinkValues.Each([[0, 0.25m], [0.26m, 0]]) } },
            Base with { Memory = Base.Memory! with { Unit = MemoryUnit.GiB } },
            Base with { Memory = Base.Memory! with { Limit = null } },
            Base with { Memory = Base.Memory! with { Limit = 5 } },
            Base with { Memory = Base.Memory! with { Retained = 0.5m } },
        ];

        var ids = others.Select(Id).Append(Problem.Create(Base, Objective.Span).Id).Append(Problem.Create(Base, splitBackward: false).Id);
        ids.ShouldBeUnique();
    }

    [Fact]
    public void An_id_never_changes_from_version_to_version() =>
        Id(Base).ShouldBe("b91a73c5a537985c53cfc8e884866a61e80455c386c12dab3049e571204e5b92");

    /// <summary>Each section of a feature has lines of its own in what is hashed, and two of them an order.</summary>
    [Fact]
    public void Nor_do_those_of_problems_with_features()
    {
        var plain = Shape.Profile(devices: 2, microbatches: 4, activation: 4);
        Id(plain with { Overlap = new() { Duration = 2.5m } }).ShouldBe("3aeb2d5d88d17f6a3e1c09ef336db84e0cf27ea6f5fa913a98869c9b6803ac3c");
        Id(plain with { Recompute = new() { Kept = 1, Time = 2, Stages = [1] } })
            .ShouldBe("40f8091048b88107adefeccd45aac3f499a9d6fbbdc2653388e575ec9367582a");
        Id(plain with { Slices = new() { Count = 2, Forward = [1, 3], Backward = [1, 2], Activation = [3, 1], KeyValue = 1 } })
            .ShouldBe("0271a7b20bf636ce1df34daf3150a0383d6000fb8a0789f4ee7219ded75cd25e");
        Id(plain with { Slices = new() { Count = 3, Sequence = 96, Hidden = 4, Cut = SequenceCut.EqualFlops, Multiple = 8 } })
            .ShouldBe("4bc6638765a7c22755a4d8f81c6edd1a8b2af61d20df61a4ef11aaee35b8e877");
        Id(plain with { Overlap = new() { Duration = 2.5m }, Recompute = new() { Kept = 1 } })
            .ShouldBe("715300ef45e3cade90702536647e37709f3aa7ce834f1ea5a6ce52f714ef4bb3");
    }

    private static string Id(Profile profile) => Problem.Create(profile).Id;
}

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

    private static string Id(Profile profile) => Problem.Create(profile).Id;
}

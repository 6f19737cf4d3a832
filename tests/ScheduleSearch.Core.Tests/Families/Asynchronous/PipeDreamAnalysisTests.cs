using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Families.Asynchronous;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families.Asynchronous;

public class PipeDreamAnalysisTests
{
    [Fact]
    public void Each_stage_keeps_one_version_more_than_the_next_and_is_one_update_later()
    {
        var analysis = PipeDreamAnalysis.Of(Problem.Create(Shape.Profile(devices: 4, microbatches: 8)));

        analysis.Stages.Select(stage => (stage.WeightVersions, stage.Delay)).ShouldBe([(4, 3), (3, 2), (2, 1), (1, 0)]);
        analysis.InFlight.ShouldBe(4);
        analysis.TicksPerMicrobatch.ShouldBe(3);
        analysis.Utilization.ShouldBe(1);
        PipeDreamAnalysis.Label.ShouldBe("changes the training result");
    }

    [Fact]
    public void Memory_is_that_of_all_versions_and_of_as_many_activations()
    {
        var profile = Shape.Profile(devices: 3, microbatches: 1, activation: 2);
        profile = profile with { Memory = profile.Memory! with { Weights = StageValues.Each([10, 20, 30]) } };

        var analysis = PipeDreamAnalysis.Of(Problem.Create(profile));

        analysis.Stages.Select(stage => (stage.WeightMemory, stage.ActivationMemory, stage.Memory)).ShouldBe([(30L, 6L, 36L), (40, 4, 44), (30, 2, 32)]);
        PipeDreamAnalysis.Of(Problem.Create(profile with { Memory = null })).Stages.ShouldAllBe(stage => stage.Memory == 0);
    }

    [Theory]
    [InlineData(4, 1, 1, 1, 0, 3)]
    [InlineData(4, 1, 1, 1, 1, 4.5)]
    [InlineData(8, 2, 3, 1, 4, 13)]
    public void Latency_is_paid_over_all_microbatches_in_flight(int p, int forward, int backwardInput, int backwardWeight, int c, decimal time)
    {
        var profile = Shape.Profile(p, microbatches: 1, forward: forward, backwardInput: backwardInput, backwardWeight: backwardWeight, communication: c);

        PipeDreamAnalysis.Of(Problem.Create(profile)).TicksPerMicrobatch.ShouldBe(time);
        time.ShouldBe((decimal)(p * (forward + backwardInput + backwardWeight) + 2 * (p - 1) * c) / p);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_steady_state_is_that_of_the_order_itself_on_uneven_stages_and_links(int seed)
    {
        // A multiple of the length of every circle of waiting: over so many microbatches the order repeats itself exactly.
        const int Repeat = 60;
        var random = new Random(seed);
        for (var sample = 0; sample < 20; sample++)
        {
            var p = random.Next(2, 7);
            decimal[] Times() => [.. Enumerable.Range(0, p).Select(_ => (decimal)random.Next(1, 20))];
            var profile = new Profile
            {
                Pipeline = new() { Devices = p, Microbatches = 20 * Repeat },
                Times = new()
                {
                    Forward = Times(),
                    BackwardInput = Times(),
                    BackwardWeight = Times(),
                    Communication = LinkValues.Each(Enumerable.Range(0, p).Select(_ => Times())),
                },
            };
            long Makespan(int microbatches) => ScheduleMetrics.Of(Replay.Run(new OneForwardOneBackward().ScheduleOf(
                Problem.Create(profile with { Pipeline = profile.Pipeline with { Microbatches = microbatches } })))).Makespan;

            var ticks = Makespan(21 * Repeat) - Makespan(20 * Repeat);

            PipeDreamAnalysis.Of(Problem.Create(profile)).TicksPerMicrobatch.ShouldBe(ticks / (decimal)Repeat);
        }
    }

    [Fact]
    public void Other_placements_and_other_operations_are_refused()
    {
        var whole = Shape.Profile(devices: 2, microbatches: 4);
        PipeDreamAnalysis.WhyNot(Problem.Create(whole)).ShouldBeNull();
        PipeDreamAnalysis.WhyNot(Problem.Create(Shape.Profile(2, 4, chunks: 2, "v"))).ShouldBe("Is defined on the placement linear.");
        var recompute = Problem.Create(whole with { Recompute = new() { Kept = 0 } });
        PipeDreamAnalysis.WhyNot(recompute)
            .ShouldBe("Is defined for whole microbatches that keep their activations: leave profile.slices and profile.recompute out.");
        Should.Throw<ArgumentException>(() => PipeDreamAnalysis.Of(recompute)).Message.ShouldStartWith("Is defined for whole microbatches");
    }
}

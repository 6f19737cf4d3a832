using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Traces.Runs;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>Runs that nobody here made: what is imported of them, replayed, is what was recorded.</summary>
public class RecordedRunTests
{
    [Theory]
    [InlineData(RecordedRun.Even, 0.01)]
    [InlineData(RecordedRun.Uneven, 0.01)]
    [InlineData(RecordedRun.WithMemory, 0.025)]
    public void Orders_replayed_with_their_own_durations_take_what_was_recorded(string run, double tolerance) =>
        RecordedRun.Import(run).Fidelity!.OwnError.ShouldBeLessThan(tolerance);

    [Fact]
    public void Even_microbatches_are_told_by_their_medians()
    {
        var imported = RecordedRun.Import(RecordedRun.Even);
        imported.Format.ShouldBe("straggler-timeline");
        imported.Steps.ShouldBe(new ImportedSteps(Used: 64, WarmUp: 0, Incomplete: 0, Replicas: 2));
        var (pipeline, times) = (imported.Profile.Pipeline, imported.Profile.Times);
        (pipeline.Devices, pipeline.Microbatches, pipeline.Placement).ShouldBe((4, 4, null));
        times.Forward[3].ShouldBe(140.2m, tolerance: 0.5m);
        (times.BackwardInput[3] + times.BackwardWeight[3]).ShouldBe(204.9m, tolerance: 0.5m);
        Math.Abs(imported.Fidelity!.MediansError).ShouldBeLessThan(0.02);
        imported.Communication.ShouldNotBeNull().Median.ShouldBeInRange(0.1, 2);
        imported.Warnings.ShouldContain(warning => warning.StartsWith("Rank 3 computes", StringComparison.Ordinal));
        imported.Untold.ShouldContain(sentence => sentence.StartsWith("Whole backwards are recorded", StringComparison.Ordinal));
    }

    [Fact]
    public void Uneven_microbatches_take_longer_than_their_medians_and_resampling_says_how_much()
    {
        var imported = RecordedRun.Import(RecordedRun.Uneven);
        imported.Steps.Replicas.ShouldBe(8);
        imported.Fidelity!.MediansError.ShouldBeLessThan(-0.05);
        var step = imported.UsedSteps[0];
        var problem = Problem.Create(imported.Profile);
        var timeline = Replay.Run(new StepReplay(problem, step).Schedule);
        var request = new EvaluationRequest { Replays = 4000, Noise = new() { Samples = imported.Samples } };
        EvaluationCheck.Of(problem, request).ShouldBeEmpty();
        var mean = (double)problem.TimeScale.FromMean((decimal)ScheduleEvaluator.Run(
            ("1f1b", timeline), [], request, CancellationToken.None).Schedule.Distribution.Mean);
        (mean / imported.Fidelity!.MeanRecorded).ShouldBe(1, tolerance: 0.04);
    }

    [Fact]
    public void Warm_up_is_left_out_and_memory_is_a_line_over_the_ranks()
    {
        var imported = RecordedRun.Import(RecordedRun.WithMemory);
        imported.Steps.WarmUp.ShouldBe(1);
        imported.Steps.Used.ShouldBe(19);
        var memory = imported.Memory.ShouldNotBeNull();
        memory.Ranks.Select(rank => rank.InFlight).ShouldBe([8, 7, 6, 5, 4, 3, 2, 1]);
        memory.Activation.ShouldBe(7.4, tolerance: 0.3);
        memory.LargestError.ShouldBeLessThan(2);
        imported.Profile.Memory.ShouldNotBeNull().Unit.ShouldBe(MemoryUnit.GiB);
        RecordedRun.Import(RecordedRun.WithMemory, warmUpSteps: 4).Steps.Used.ShouldBe(16);
        Should.Throw<InvalidProfileException>(() => RecordedRun.Import(RecordedRun.WithMemory, warmUpSteps: 20))
            .Errors.ShouldContain(error => error.Path == "$.warmUpSteps");
    }
}

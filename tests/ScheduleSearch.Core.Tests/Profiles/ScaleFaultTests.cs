using FsCheck.Xunit;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

/// <summary>Whatever decides the scale of times is judged by how far it is from the others, and nothing that takes time becomes 0 ticks.</summary>
public class ScaleFaultTests
{
    private static readonly Profile Short = Shape.Profile(devices: 4, microbatches: 8, forward: 0.000001m, backwardInput: 0.000001m, backwardWeight: 0.000001m);

    [Fact]
    public void A_recompute_far_above_the_other_times_is_malformed_where_it_is_chosen()
    {
        var time = new[] { 1_000_000_000_000m, 1, 1, 1 };

        var error = Rejected(Short with { Recompute = new ActivationRecompute { Time = time, Kept = 0 } });

        error.Path.ShouldBe("$.profile.times.forward");
        error.Message.ShouldBe(
            "0.000001 is 10^9 times or more below the largest time (1000000000000 in recompute.time[0]): use 0, or check the units.");
    }

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new int[0])]
    public void A_recompute_that_is_not_chosen_decides_nothing(int[] chosen)
    {
        var time = new[] { 1_000_000_000_000m, 1, 1, 1 };

        var problem = Problem.Create(Short with { Recompute = new ActivationRecompute { Time = time, Kept = 0, Stages = [.. chosen] } });

        problem.TimeScale.FromTicks(problem.Forward[0]).ShouldBe(0.000001m);
        problem.RecomputeTime.ShouldBe([0, chosen.Length > 0 ? 1_000_000 : 0, 0, 0]);
    }

    [Fact]
    public void A_message_whose_bytes_take_far_longer_than_the_operations_is_named()
    {
        var communication = new Communication { Bandwidth = 0.001m, Bytes = new[] { 1m, 2_000_000m, 1m, 1m } };

        var error = Rejected(Short with { Times = Short.Times with { Communication = communication } });

        (error.Path, error.Message).ShouldBe((
            "$.profile.times.forward",
            "0.000001 is 10^9 times or more below the largest time (2000000000 in times.communication.bytes[1]): use 0, or check the units."));
    }

    [Fact]
    public void A_slice_whose_share_leaves_less_than_a_tick_of_a_time_is_named()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2);

        var error = Rejected(profile with { Slices = new SequenceSlices { Count = 2, Forward = [0.000001m, 1_000_000_000_000m] } });
        (error.Path, error.Message).ShouldBe((
            "$.profile.slices.forward[0]",
            "Leaves a part of a time that is shorter than 0.000001, the least that is told apart: choose fewer parts, or shares nearer to each other."));

        Rejected(profile with { Slices = new SequenceSlices { Count = 2, Backward = [1, 2_000_000] } }).Path.ShouldBe("$.profile.slices.backward[0]");
        // Shares of what takes no time leave nothing to be told apart.
        var slices = new SequenceSlices { Count = 2, Forward = [1, 1_000_000_000], Backward = [1, 1] };
        Problem.Create(profile with { Times = profile.Times with { Forward = 0 }, Slices = slices }).ForwardOf(0, 0).ShouldBe(0);
    }

    [Property(MaxTest = 300, MaxRejected = 3000)]
    public FsCheck.Property No_operation_of_an_accepted_profile_that_takes_time_has_0_ticks(Seed seed)
    {
        var random = new Random(seed.Item);
        var profile = RandomProblems.NextProfile(random, maxDevices: 3, maxMicrobatches: 4);
        var stages = (int)profile.Pipeline.Stages;
        var least = random.Next(-6, 3);
        decimal Any() => random.Chance(20) ? 0 : decimal.Round((decimal)Math.Pow(10, random.Next(least, least + 9)) * random.Next(1, 10), 6);
        StageValues Each() => StageValues.Each(Enumerable.Range(0, stages).Select(_ => Any()));
        profile = profile with
        {
            Memory = null,
            Times = new() { Forward = Each(), BackwardInput = Each(), BackwardWeight = Each(), Communication = Any() },
        };
        var slices = random.Next(1, 4);
        profile = random.Chance(50)
            ? profile with { Slices = new() { Count = slices, Forward = [.. Enumerable.Range(0, slices).Select(_ => Any() + 0.000001m)] } }
            : profile with { Recompute = new() { Kept = 0, Time = Each(), Stages = random.Chance(50) ? [0] : null } };
        if (Accepted(profile) is not { } problem) return DrawnCase.SetAside;
        for (var stage = 0; stage < stages; stage++)
        {
            for (var slice = 0; slice < problem.SliceCount; slice++)
            {
                (problem.ForwardOf(stage, slice) > 0).ShouldBe(profile.Times.Forward[stage] > 0);
                (problem.BackwardInputOf(stage, slice) > 0).ShouldBe(profile.Times.BackwardInput[stage] > 0);
                (problem.BackwardWeightOf(stage, slice) > 0).ShouldBe(profile.Times.BackwardWeight[stage] > 0);
            }

            if (problem.Recomputes(stage)) (problem.RecomputeTime[stage] > 0).ShouldBe(profile.Recompute!.Time![stage] > 0);
        }

        return DrawnCase.Checked;
    }

    private static Problem? Accepted(Profile profile)
    {
        try
        {
            return Problem.Create(profile);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    private static ProfileError Rejected(Profile profile) =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors.ShouldHaveSingleItem();
}

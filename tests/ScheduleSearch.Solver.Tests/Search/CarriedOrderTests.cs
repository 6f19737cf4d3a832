using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>Orders of one problem as orders of another one that differs in times and limits alone.</summary>
public class CarriedOrderTests
{
    [Fact]
    public void With_longer_times_and_less_memory_what_is_carried_is_valid_and_tightening_never_makes_it_worse() =>
        RealCases.ShouldBeAtLeast(least: 60, draws: 150, random =>
        {
            var profile = RandomProblems.Next(random).Profile;
            var problem = Problem.Create(profile);
            var order = OrderCodec.Encode(QuickPass.Solve(problem).Timeline.Schedule);
            if (Create(Changed(profile, random)) is not { } changed) return false;
            // The verifier has passed whatever comes out: a solution is made by it.
            if (CarriedOrder.Of(changed, order, "stored") is not { } carried) return false;
            carried.Problem.Id.ShouldBe(changed.Id);
            carried.Timeline.Schedule.FitsMemory().ShouldBeTrue();
            CarriedOrder.Tightened(carried).Objective.ShouldBeLessThanOrEqualTo(carried.Objective);
            return true;
        });

    [Theory]
    [InlineData("linear", 1, 4, 2)]
    [InlineData("v", 2, 8, 4)]
    [InlineData("v", 2, 8, 6)]
    [InlineData("interleaved", 2, 12, 9)]
    public void An_order_that_holds_too_much_is_brought_within_the_limit(string placement, int chunks, int before, int limit)
    {
        var stored = QuickPass.Solve(ProblemOf(placement, chunks, before));
        var tight = ProblemOf(placement, chunks, limit);
        OrderCodec.Decode(tight, OrderCodec.Encode(stored.Timeline.Schedule)).FitsMemory().ShouldBeFalse("else there is nothing to mend");
        var carried = CarriedOrder.Of(tight, OrderCodec.Encode(stored.Timeline.Schedule), stored.Method).ShouldNotBeNull();
        carried.Method.ShouldBe(CarriedOrder.MethodName);
        carried.Metrics.PeakMemory.Max().ShouldBeLessThanOrEqualTo(tight.LimitOf(0));
    }

    [Fact]
    public void An_order_that_fits_keeps_its_method_and_every_place()
    {
        var stored = QuickPass.Solve(ProblemOf("v", 2, 8));
        var looser = ProblemOf("v", 2, 8, forward: 9.5m);
        var carried = CarriedOrder.Of(looser, OrderCodec.Encode(stored.Timeline.Schedule), stored.Method).ShouldNotBeNull();
        carried.Method.ShouldBe(stored.Method);
        for (var device = 0; device < 4; device++)
            carried.Timeline.Schedule.OperationsOn(device).ShouldBe(stored.Timeline.Schedule.OperationsOn(device));
        carried.Objective.ShouldBeLessThanOrEqualTo(stored.Objective, "shorter forwards in the same order end no later");
    }

    [Fact]
    public void What_is_no_order_of_the_problem_is_none()
    {
        var order = OrderCodec.Encode(QuickPass.Solve(ProblemOf("v", 2, 8)).Timeline.Schedule);
        CarriedOrder.Of(ProblemOf("interleaved", 2, 12), order, "stored").ShouldBeNull();
        CarriedOrder.Of(ProblemOf("linear", 1, 4), order, "stored").ShouldBeNull();
        CarriedOrder.Of(ProblemOf("v", 2, 8), order[..^4], "stored").ShouldBeNull();
        CarriedOrder.Of(ProblemOf("v", 2, 8), [], "stored").ShouldBeNull();
    }

    private static Profile Changed(Profile profile, Random random)
    {
        decimal Factor() => 0.8m + 0.4m * (decimal)random.NextDouble();
        StageValues Times(StageValues given) => StageValues.Each(Enumerable.Range(0, (int)profile.Pipeline.Stages)
            .Select(stage => decimal.Round(given[given.IsScalar ? 0 : stage] * Factor(), 2)));
        var times = profile.Times;
        return profile with
        {
            Times = times with { Forward = Times(times.Forward), BackwardInput = Times(times.BackwardInput), BackwardWeight = Times(times.BackwardWeight) },
            Memory = profile.Memory is { Limit: { IsScalar: true } limit } memory
                ? memory with { Limit = decimal.Round(limit[0] * (0.6m + 0.5m * (decimal)random.NextDouble()), 2) }
                : profile.Memory,
        };
    }

    private static Problem? Create(Profile profile)
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

    private static Problem ProblemOf(string placement, int chunks, int limit, decimal forward = 10) => Problem.Create(new Profile
    {
        Pipeline = new() { Devices = 4, Chunks = chunks, Placement = placement, Microbatches = 12 },
        Times = new() { Forward = forward, BackwardInput = 9, BackwardWeight = 7, Communication = 0.5m },
        Memory = new() { Activation = 1, Limit = limit },
    });
}

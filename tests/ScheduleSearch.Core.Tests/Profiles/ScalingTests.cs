using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public class ScalingTests
{
    [Fact]
    public void Ties_of_decimals_are_ties_of_ticks()
    {
        var problem = Problem.Create(Shape.Profile(1, 1, forward: 0.1m, backwardInput: 0.2m, backwardWeight: 0.3m));

        (problem.Forward[0] + problem.BackwardInput[0]).ShouldBe(problem.BackwardWeight[0]);
        problem.TimeScale.FromTicks(problem.Forward[0]).ShouldBe(0.1m);
    }

    [Fact]
    public void The_scale_is_the_coarsest_that_holds_every_digit()
    {
        Problem.Create(Shape.Profile(2, 2, forward: 18.522m, backwardInput: 18.08600m)).TimeScale.Digits.ShouldBe(3);
        Problem.Create(Shape.Profile(2, 2, forward: 1.50m)).TimeScale.Digits.ShouldBe(1);
        Problem.Create(Shape.Profile(2, 2)).Forward.ShouldBe([1, 1]);
    }

    [Fact]
    public void A_span_may_fall_between_the_digits_of_the_profile_so_it_has_six_more() =>
        Problem.Create(Shape.Profile(2, 2, forward: 1.5m), Objective.Span).TimeScale.Digits.ShouldBe(7);

    [Fact]
    public void Where_the_digits_do_not_fit_needs_round_up_and_limits_down()
    {
        var problem = Problem.Create(Shape.Profile(
            devices: 1, microbatches: 65_000, activation: 200_000_000_000.123456m, retained: 0.000001m, limit: 300_000_000_000.654321m));

        var one = problem.MemoryScale.FromTicks(1);
        problem.MemoryScale.FromTicks(problem.Activation[0]).ShouldBeInRange(200_000_000_000.123456m, 200_000_000_000.123456m + one);
        problem.MemoryScale.FromTicks(problem.Retained[0]).ShouldBe(one);
        problem.MemoryScale.FromTicks(problem.Limit[0]).ShouldBeInRange(300_000_000_000.654321m - one, 300_000_000_000.654321m);
    }

    [Theory]
    [InlineData(Objective.Makespan)]
    [InlineData(Objective.Span)]
    public void The_longest_times_with_the_most_digits_replay_without_overflow(Objective objective)
    {
        var profile = Shape.Profile(
            devices: 64,
            microbatches: 16,
            forward: 999_999_999_999.123456789012m,
            backwardInput: 1_234.000000000001m,
            backwardWeight: 999_999_999_999.999999999999m,
            communication: 999_999_999_999.999999999999m);
        var problem = Problem.Create(profile, objective);

        foreach (var family in FamilyCatalogue.All.Where(family => FamilyCatalogue.WhyNot(family, problem) is null))
            ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, family.Order(problem)))).Objective.ShouldBePositive();
        ScheduleMetrics.Of(Replay.Run(RandomOrders.Next(problem, new Random(1)))).Objective.ShouldBePositive();
    }

    [Property]
    public void What_the_scale_holds_comes_back_as_it_was(int number, byte digits)
    {
        var value = new decimal((int)(Math.Abs((long)number) % 1_000_000), 0, 0, isNegative: false, scale: (byte)(digits % 7));
        var scale = DecimalScale.For([value], sum: 1000 * value);

        scale.FromTicks(scale.ToTicks(value)).ShouldBe(value);
        (scale.ToTicksAbove(value), scale.ToTicksBelow(value)).ShouldBe((scale.ToTicks(value), scale.ToTicks(value)));
    }

    [Fact]
    public void Numbers_are_written_without_trailing_zeros()
    {
        DecimalScale.Normalize(1.5000m).ToString().ShouldBe("1.5");
        DecimalScale.Normalize(1000.00m).ToString().ShouldBe("1000");
        DecimalScale.Normalize(0.000m).ToString().ShouldBe("0");
        DecimalScale.Normalize(999_999_999_999.000001m).ToString().ShouldBe("999999999999.000001");
    }
}

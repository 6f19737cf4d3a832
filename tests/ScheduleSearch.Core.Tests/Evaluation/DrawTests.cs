using ScheduleSearch.Core.Evaluation;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Evaluation;

/// <summary>What is drawn has the distribution that it is said to have.</summary>
public class DrawTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.01, -2.3263478740408408)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1e-20, -9.262340089798408)]
    public void Quantiles_of_the_normal_distribution_are_those_of_the_tables(double share, double quantile) =>
        NormalQuantile.Of(share).ShouldBe(quantile, tolerance: 1e-13);

    [Fact]
    public void Uniform_numbers_fill_their_range_and_keys_do_not_repeat_each_other()
    {
        var (one, other) = (new double[50_000], new double[50_000]);
        var draws = new Draws(5);
        draws.Uniform(NoiseKey.DrawOf(DrawSource.Forward, 1, 2, 3), 0, one);
        draws.Uniform(NoiseKey.DrawOf(DrawSource.Forward, 1, 3, 2), 0, other);
        one.ShouldAllBe(number => number > 0 && number < 1);
        for (var part = 0; part < 10; part++) one.Count(number => (int)(10 * number) == part).ShouldBeInRange(4650, 5350);
        Correlation(one, other).ShouldBe(0, tolerance: 0.025);
        Correlation(one[..^1], one[1..]).ShouldBe(0, tolerance: 0.025);
        var part5 = new double[10];
        draws.Uniform(NoiseKey.DrawOf(DrawSource.Forward, 1, 2, 3), 40, part5);
        part5.ShouldBe(one[40..50]);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void Factors_have_the_mean_1_and_the_coefficient_of_variation_that_is_asked_for(double variation)
    {
        var numbers = new double[200_000];
        new Draws(9).Normal(1, 0, numbers);
        var distribution = Lognormal.Of((decimal)variation);
        var factors = numbers.Select(number => Math.Exp(distribution.LogOf(number))).ToArray();
        factors.Average().ShouldBe(1, tolerance: 0.01 * variation);
        Math.Sqrt(factors.Average(factor => (factor - 1) * (factor - 1))).ShouldBe(variation, tolerance: 0.02 * variation);
        Lognormal.Of(0).IsConstant.ShouldBeTrue();
    }

    [Fact]
    public void Quantiles_between_two_values_are_interpolated()
    {
        var distribution = Distribution.Of([30, 10, 20, 40]);
        (distribution.Mean, distribution.P50).ShouldBe((25, 25));
        distribution.P95.ShouldBe(38.5, tolerance: 1e-9);
        distribution.Deviation.ShouldBe(12.909944487358056, tolerance: 1e-9);
        distribution.StandardError.ShouldBe(distribution.Deviation / 2, tolerance: 1e-9);
        Distribution.Of([7]).ShouldBe(new Distribution(7, 0, 0, 7, 7, 7));
    }

    private static double Correlation(double[] one, double[] other)
    {
        var (first, second) = (one.Average(), other.Average());
        var together = one.Zip(other, (a, b) => (a - first) * (b - second)).Sum();
        return together / Math.Sqrt(one.Sum(a => (a - first) * (a - first)) * other.Sum(b => (b - second) * (b - second)));
    }
}

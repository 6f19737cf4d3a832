using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>What an order takes in the scenarios of a problem under noise, in ticks.</summary>
/// <param name="Statistic">What the problem judges orders by.</param>
/// <param name="Distribution">What the scenarios take.</param>
public sealed record ScenarioFigures(Statistic Statistic, Distribution Distribution)
{
    /// <summary>The part of a value, and the ticks of a small one, below which it is rounding.</summary>
    private const double Precision = 1e-12, LeastPrecision = 0.01;

    /// <summary>The value of the statistic.</summary>
    public double Value => Statistic == Statistic.Mean ? Distribution.Mean : Distribution.P95;

    /// <summary>The same in whole ticks, rounded up: by this orders are compared.</summary>
    public long Ticks => (long)Math.Ceiling(Value - Math.Max(LeastPrecision, Value * Precision));

    /// <summary>Whether a value in ticks, which another machine may have computed, is this one but for what its sums of doubles round.</summary>
    public bool IsWorth(long ticks) => Math.Abs(ticks - Ticks) <= 1 + ticks / 1e9;
}

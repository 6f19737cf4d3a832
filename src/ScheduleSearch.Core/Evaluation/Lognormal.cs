namespace ScheduleSearch.Core.Evaluation;

/// <summary>A lognormal distribution of mean 1: the logarithm of what is drawn is normal.</summary>
/// <param name="Deviation">The standard deviation of the logarithm; 0 where what is drawn is always 1.</param>
internal readonly record struct Lognormal(double Deviation)
{
    /// <summary>Whether it is always 1.</summary>
    public bool IsConstant => Deviation == 0;

    /// <summary>The one of a coefficient of variation, which is 0 or more.</summary>
    public static Lognormal Of(decimal variation) => new(Math.Sqrt(Math.Log(1 + (double)variation * (double)variation)));

    /// <summary>The logarithm of what is drawn by a number of the standard normal distribution.</summary>
    public double LogOf(double normal) => Deviation * (normal - Deviation / 2);
}

using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Features.Robust;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private const long SumPrecision = 100_000_000_000;

    private Scenarios? _scenarios;

    /// <summary>The scenarios that orders are judged by where durations vary; null where they do not. Drawn when they are first asked for.</summary>
    public Scenarios? Scenarios => Robust is { } robust ? LazyInitializer.EnsureInitialized(ref _scenarios, () => new Scenarios(this, robust)) : null;

    /// <summary>
    /// The problem whose schedules are judged at the means of the durations that this one's noise draws: what is proved of it is proved of the mean of this
    /// one's scenarios. A schedule of either is one of the other. Its ticks may be coarser.
    /// </summary>
    /// <remarks>
    /// The makespan of a fixed order is convex in its durations, and so is the least span that it allows, a linear program in them; so the mean over
    /// scenarios whose durations have these means is no less than the objective at them, which is no less than a bound on all orders (Jensen). Spikes
    /// only add to messages, and are left out of the means.
    /// </remarks>
    public Problem AtMeans() => new(MeanDurations.Of(this), Objective, SplitBackward, Catalogue);

    /// <summary>What is proved at the means, in the ticks of this problem, less what sums of doubles lose.</summary>
    /// <param name="means">The problem at the means.</param>
    /// <param name="ticks">The bound in its ticks.</param>
    public long BoundOfMeans(Problem means, long ticks)
    {
        var proved = TimeScale.ToTicksBelow(means.TimeScale.FromTicks(ticks));
        return proved - proved / SumPrecision;
    }
}

using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>A feature that has something to say of the orders of families, whose definitions do not speak of it.</summary>
public interface IOrderedFeature : IFeature
{
    /// <summary>Whether every order of the devices remains one with the feature, so that every family covers it. Default: no.</summary>
    bool TakesEveryOrder => false;

    /// <summary>Why a problem that uses the feature does not admit a family that does not cover it, and what to change.</summary>
    string WhyNotOrdered => Coverage.WhyNot(this);

    /// <summary>
    /// For each device its order with the operations that the feature adds to it; no order that deadlocks of one that does not. Features are asked in
    /// the order of <see cref="FeatureCatalogue"/>: the orders have what those before it add, and nothing of those after it.
    /// </summary>
    IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) => orders;

    /// <summary>
    /// For each device its order once all features have completed it, or another of the same work that takes no longer, or keeps what the feature
    /// demands, and fits memory where it did. By default the same.
    /// </summary>
    IReadOnlyList<IReadOnlyList<Operation>> Improve(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) => orders;
}

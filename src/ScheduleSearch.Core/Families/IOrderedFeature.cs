using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>A feature that has something to say of the orders of families, whose definitions do not speak of it.</summary>
public interface IOrderedFeature : IFeature
{
    /// <summary>Why a problem that uses the feature does not admit a family that does not cover it, and what to change.</summary>
    string WhyNotOrdered => $"Does not cover {Member}: leave it out.";

    /// <summary>A device's order with the operations that the feature adds to it. It holds no more than the order given would with whole activations.</summary>
    IReadOnlyList<Operation> Complete(Problem problem, IReadOnlyList<Operation> order) => order;
}

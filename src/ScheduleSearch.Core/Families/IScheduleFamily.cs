using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>A published schedule: an order that follows from the shape of the pipeline, and for the automatic ones from its times and memory.</summary>
public interface IScheduleFamily
{
    /// <summary>The name that requests and answers give it, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>The name of the placement that it is defined on.</summary>
    string Placement { get; }

    /// <summary>What it does and what it costs, in a sentence or two.</summary>
    string Description { get; }

    /// <summary>What a shape must be for it, in words; empty when every shape of its placement will do.</summary>
    string Conditions { get; }

    /// <summary>The paper or repository that defines it.</summary>
    string Source { get; }

    /// <summary>Whether its backwards are split in input and weight gradient.</summary>
    bool SplitsBackward { get; }

    /// <summary>The features that its orders cover. Default: those that are added to every order.</summary>
    FeatureSet Covers => FamilySchedules.Covered;

    /// <summary>What may be given after the name; null when nothing.</summary>
    FamilyParameter? Parameter => null;

    /// <summary>The family with a parameter of its own; only where there is a <see cref="Parameter"/>.</summary>
    /// <param name="parameter">The value, at least 1.</param>
    IScheduleFamily WithParameter(int parameter) => throw new NotSupportedException($"The family {Name} has no parameter.");

    /// <summary>What the problem must change to admit this family; null when it does. Placement, splitBackward and features are checked elsewhere.</summary>
    string? BrokenCondition(Problem problem);

    /// <summary>
    /// For each device its operations in order; <see cref="FamilySchedules.CompleteOrder"/> adds those of features that no family's
    /// definition speaks of. Only for a
    /// problem that admits the family. Cost: linear in the operations.
    /// </summary>
    IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem);
}

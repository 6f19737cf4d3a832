using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>A feature that has a part in the operations of an iteration.</summary>
public interface IOperationFeature : IFeature
{
    /// <summary>Whether it has a part in the operations of a selection: by default when the problem uses it.</summary>
    bool IsPartOf(Problem problem, OperationSelection selection) => IsUsedBy(problem);

    /// <summary>Before the stages emit their operations: wraps ports, adds lanes, recasts operations. Only where it <see cref="IsPartOf"/> them.</summary>
    void Attach(OperationGraphBuilder builder);

    /// <summary>After the stages have emitted their operations. Only where it <see cref="IsPartOf"/> them.</summary>
    void Finish(OperationGraphBuilder builder)
    {
    }
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features;

/// <summary>
/// A feature of the problem: what a profile may ask for beside the forwards and backwards of its stages. All that it means stands in its own
/// folder; whatever else there is asks what holds and never which feature is on. Bounds, search methods, families, formats and runtimes refuse a
/// problem that uses a feature until they say that they cover it.
/// </summary>
public interface IFeature
{
    /// <summary>The name under which it is covered, in lower case with hyphens; no two features have the same.</summary>
    string Name { get; }

    /// <summary>The member of a request that asks for it, such as <c>profile.recompute</c>: refusals name it.</summary>
    string Member { get; }

    /// <summary>The section that it has in a profile; null when none.</summary>
    IProfileSection? Section => null;

    /// <summary>Whether a problem's schedules, bounds or memory depend on it. Absent or without effect: false.</summary>
    bool IsUsedBy(Problem problem);

    /// <summary>Whether it has a part in the operations of a selection: by default when the problem uses it.</summary>
    bool IsPartOf(Problem problem, OperationSelection selection) => IsUsedBy(problem);

    /// <summary>Before the stages emit their operations: wraps ports, adds lanes, recasts operations. Only where it <see cref="IsPartOf"/> them.</summary>
    void Attach(OperationGraphBuilder builder)
    {
    }

    /// <summary>After the stages have emitted their operations. Only where it <see cref="IsPartOf"/> them.</summary>
    void Finish(OperationGraphBuilder builder)
    {
    }

    /// <summary>Ticks by which a forward of a stage of a pipe may be shorter on its device than it states, at most. Without effect: 0.</summary>
    long SavedOfForward(Problem problem, int pipe, int stage) => 0;

    /// <summary>Ticks of work of one microbatch on a stage beyond its forward and both gradients, in every schedule. Without effect: 0.</summary>
    long AddedWork(Problem problem, int stage) => 0;

    /// <summary>Memory units that one microbatch holds on a stage beside its activation, from the first forward to the last input gradient at least. Without effect: 0.</summary>
    long HeldBesideActivation(Problem problem, int stage) => 0;

    /// <summary>Memory units of an activation that need not be held from the end of its forward to the beginning of its backward. Without effect: 0.</summary>
    long DroppedAfterForward(Problem problem, int stage) => 0;

    /// <summary>What it demands of schedules, for the verifier; null when nothing. Asked whether or not the problem uses the feature.</summary>
    IScheduleRules? RulesOf(Problem problem) => null;
}

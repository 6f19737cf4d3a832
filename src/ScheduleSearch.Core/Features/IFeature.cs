using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features;

/// <summary>
/// A feature of the problem: what a profile may ask for beside the forwards and backwards of its stages. All that it means stands in its own
/// folder; whatever else there is asks what holds and never which feature is on. Bounds, search methods, families, formats and runtimes refuse a
/// problem that uses a feature until they say that they cover it.
/// </summary>
/// <remarks>
/// A feature takes part where it has something to say, by the interface that stands there: in the costs of stages, in the operations, in
/// the verifier's rules, in the orders
/// of families, in what runtimes can be told.
/// </remarks>
public interface IFeature
{
    /// <summary>The name under which it is covered, in lower case with hyphens; no two features have the same.</summary>
    string Name { get; }

    /// <summary>The member of a request that asks for it, such as <c>profile.recompute</c>: refusals name it.</summary>
    string Member { get; }

    /// <summary>The section that it has in a profile; null when none.</summary>
    IProfileSection? Section => null;

    /// <summary>The sections that it has, where a profile may ask for it in several forms: by default the one.</summary>
    IReadOnlyList<IProfileSection> Sections => Section is { } section ? [section] : [];

    /// <summary>Whether a problem's schedules, bounds or memory depend on it. Absent or without effect: false.</summary>
    bool IsUsedBy(Problem problem);
}

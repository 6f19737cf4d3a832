using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature whose schedules cost something that no figure counts: who compares them with others has to know.</summary>
public interface IUncountedFeature : IFeature
{
    /// <summary>What the figures of a problem that uses it leave out, in sentences; null for nothing.</summary>
    string? Uncounted(Problem problem);
}

using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that may ask for what no schedule can give, which only the whole problem shows.</summary>
public interface IDemandingFeature : IFeature
{
    /// <summary>What is asked for in vain, of a problem in which nothing else is wrong; empty when the problem has a schedule.</summary>
    IEnumerable<ProfileError> Faults(Problem problem);
}

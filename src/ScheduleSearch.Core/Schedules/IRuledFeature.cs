using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>A feature that demands something of schedules.</summary>
public interface IRuledFeature : IFeature
{
    /// <summary>What it demands, for one verification; null when that is nothing and the problem has no operations that it brings.</summary>
    ScheduleRules? RulesOf(Problem problem);
}

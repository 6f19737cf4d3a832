using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>A feature that demands something of schedules.</summary>
public interface IRuledFeature : IFeature
{
    /// <summary>What it demands, for one verification. Asked whether or not the problem uses the feature.</summary>
    IScheduleRules RulesOf(Problem problem);
}

namespace ScheduleSearch.Core.Features;

/// <summary>
/// A feature that only rules schedules out: each schedule of a problem that uses it becomes, with the feature's own operations left out, a schedule of
/// the same problem without it, at no larger objective. So every lower bound of the problem without it holds, whoever proves it.
/// </summary>
public interface IRestrictingFeature : IFeature;

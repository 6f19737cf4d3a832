namespace ScheduleSearch.Core.Features;

/// <summary>
/// A feature that only permits more: each schedule of the problem without it is one of a problem that uses it, at the same objective. So whatever
/// makes schedules of the problem without it makes valid ones, which need not be the best.
/// </summary>
public interface IPermittingFeature : IFeature;

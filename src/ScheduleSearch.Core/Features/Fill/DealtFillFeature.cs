using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Work of no microbatch that goes to any device. Schedules are searched in which its pieces are dealt out in one way, and so what is proved of all of these is
/// not proved of all schedules: what does not cover this says nothing of a problem that has such work.
/// </summary>
public sealed class DealtFillFeature : IOrderedFeature, IRestrictingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "dealt-fill";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.fill";

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.HasDealtFill;
}

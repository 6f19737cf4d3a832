using ScheduleSearch.Core.Features.Backward;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>
    /// Whether backwards are carried out in halves or fused. Absent: as <c>options.splitBackward</c> says; where <c>times.backward</c> is less than both
    /// halves on some stage and backwards may be split, solve tries both.
    /// </summary>
    public BackwardWay? Backward
    {
        get => Find<BackwardWay>();
        init => Sections = Sections.With(typeof(BackwardWay), value);
    }
}

using ScheduleSearch.Core.Features.Overlap;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>What a forward and a backward take when they overlap on one device. Absent: as long as one after the other.</summary>
    public OverlapTimes? Overlap
    {
        get => Find<OverlapTimes>();
        init => Sections = Sections.With(typeof(OverlapTimes), value);
    }
}

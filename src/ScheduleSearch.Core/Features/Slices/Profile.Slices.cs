using ScheduleSearch.Core.Features.Slices;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>How each microbatch is cut along its sequence. Absent: not at all.</summary>
    public SequenceSlices? Slices
    {
        get => Find<SequenceSlices>();
        init => Sections = Sections.With(typeof(SequenceSlices), value);
    }
}

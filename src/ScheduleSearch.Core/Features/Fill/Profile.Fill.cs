using ScheduleSearch.Core.Features.Fill;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>Frozen or foreign work that devices do in the bubbles of the pipeline. Absent: none.</summary>
    public FillWork? Fill
    {
        get => Find<FillWork>();
        init => Sections = Sections.With(typeof(FillWork), value);
    }
}

using ScheduleSearch.Core.Features.Recompute;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>Which activations are recomputed for the backward instead of kept. Absent: none.</summary>
    public ActivationRecompute? Recompute
    {
        get => Find<ActivationRecompute>();
        init => Sections = Sections.With(typeof(ActivationRecompute), value);
    }
}

using ScheduleSearch.Core.Features.Frozen;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>
    /// Which stages have no backward, from the first on. Absent: those whose <c>backwardInput</c> and <c>backwardWeight</c> are 0, up to the first stage
    /// of which one is not.
    /// </summary>
    public FrozenStages? Frozen
    {
        get => Find<FrozenStages>();
        init => Sections = Sections.With(typeof(FrozenStages), value);
    }
}

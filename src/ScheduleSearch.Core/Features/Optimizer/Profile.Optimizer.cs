using ScheduleSearch.Core.Features.Optimizer;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>The optimizer's steps, as a part of the iteration. Absent: the iteration ends with the last gradient.</summary>
    public OptimizerSteps? Optimizer
    {
        get => Find<OptimizerSteps>();
        init => Sections = Sections.With(typeof(OptimizerSteps), value);
    }
}

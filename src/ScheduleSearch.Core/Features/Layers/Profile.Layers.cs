using ScheduleSearch.Core.Features.Layers;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>
    /// The layers of the model, in the order in which forwards pass them, in the place of what <c>times</c> and <c>memory</c> say of stages:
    /// <c>pipeline.split</c> says how they are dealt out to the stages, and in solve each way to do so is an alternative.
    /// </summary>
    public LayerList? Layers
    {
        get => Find<LayerList>();
        init => Sections = Sections.With(typeof(LayerList), value);
    }
}

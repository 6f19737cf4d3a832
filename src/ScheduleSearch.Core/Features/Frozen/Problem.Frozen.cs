namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private int? _frozenStages;

    /// <summary>The stages that have no backward, the first of the pipeline: from 0 to all of them.</summary>
    public int FrozenStages => _frozenStages ??= Core.Features.Frozen.FrozenStages.CountIn(Profile, Times);

    /// <summary>Whether a stage has a backward.</summary>
    public bool HasBackward(int stage) => stage >= FrozenStages;
}

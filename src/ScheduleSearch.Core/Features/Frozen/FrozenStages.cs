using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Frozen;

/// <summary>
/// Stages that are not trained and have none before them that are: no gradient is computed, waited for or sent there. Without it those are frozen whose
/// gradients take no time, from the first stage on.
/// </summary>
public sealed record FrozenStages
{
    /// <summary>The frozen stages, the first of the pipeline; null for all of them, as for an evaluation.</summary>
    /// <example>[0, 1]</example>
    public ImmutableArray<int>? Stages { get; init; }

    /// <summary>How many stages of a profile have no backward.</summary>
    /// <param name="profile">A profile with nothing wrong in it.</param>
    /// <param name="times">The times of its stages with what features put on them.</param>
    internal static int CountIn(Profile profile, OperationTimes times)
    {
        var stages = (int)profile.Pipeline.Stages;
        if (profile.Mode == IterationMode.Forward) return stages;
        if (profile.Frozen is { } frozen) return frozen.Stages?.Length ?? stages;
        return profile.Mode == IterationMode.Train
            ? 0
            : Enumerable.Range(0, stages).TakeWhile(stage => times.BackwardInput[stage] == 0 && times.BackwardWeight[stage] == 0).Count();
    }
}

using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private ImmutableArray<long>? _optimizerStep;

    /// <summary>Ticks of the optimizer's step, by stage; 0 where the iteration ends with the last gradient.</summary>
    public ImmutableArray<long> OptimizerStep => _optimizerStep ??= TicksOf(Profile.Optimizer?.Step ?? 0);

    /// <summary>Whether a stage steps once its own gradients are there, and what holds for all of them is looked at in the next iteration.</summary>
    public bool ValidatesAfterwards => Profile.Optimizer is { PostValidation: true };

    /// <summary>
    /// Whether a device's word of the last step has to come before an operation: all but forwards of the device's first stage, and of stages whose weights
    /// no step changes, wait for it.
    /// </summary>
    public bool WaitsForValidation(int pipe, int stage, bool isForward) =>
        ValidatesAfterwards && HasBackward(stage) && !(isForward && Placement.StagesOn(Placement.DeviceOf(pipe, stage))[0].Stage == stage);
}

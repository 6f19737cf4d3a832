using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Optimizer;

/// <summary>
/// The optimizer's step of each stage, as a part of the iteration. Source of post-validation: Qi et al., Zero Bubble Pipeline Parallelism,
/// arXiv:2401.10241.
/// </summary>
public sealed record OptimizerSteps
{
    /// <summary>The time of a stage's step: one number or S numbers.</summary>
    /// <example>3</example>
    public required StageValues Step { get; init; }

    /// <summary>
    /// Whether a stage steps once its own gradients are there, and what holds for all of them (their norm, whether each is a number) is looked at in the
    /// next iteration's warm-up: no device then begins a backward, or a forward of another than its first stage, before word has come to it
    /// from the last device on. Else a stage steps when the gradients of all stages are there.
    /// </summary>
    /// <example>true</example>
    public bool PostValidation { get; init; }
}

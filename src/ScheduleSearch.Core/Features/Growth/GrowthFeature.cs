using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Growth;

/// <summary>
/// More is retained for the weight gradient than the forward took, as where the gradients of outputs are kept beside the inputs of layers: an input
/// gradient takes the growth when it starts and the weight gradient frees it. A fused backward holds it while it runs, since both gradients are in
/// memory within it. Source: Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, whose table of memory has what B and W each hold.
/// </summary>
/// <remarks>
/// It is memory that is held besides, and nothing else: every schedule is one of the same problem without it, where as much is retained as the
/// activation has. So whatever is proved of that problem holds, and proofs may take what is retained for a part of the activation. Every order stays
/// one; whether its memory fits is asked of it as of any other.
/// </remarks>
public sealed class GrowthFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICostedFeature, IRestrictingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "growth";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.memory.retained";

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.Growth.Any(growth => growth > 0);

    /// <summary>The stages hand over what they did without it.</summary>
    public void Attach(OperationGraphBuilder builder)
    {
    }

    /// <inheritdoc/>
    public void Finish(OperationGraphBuilder builder)
    {
        for (var index = 0; index < builder.Operations.Count; index++)
        {
            var operation = builder.Operations[index];
            var growth = builder.Problem.GrowthOf(operation.Stage, operation.Slice);
            if (operation.IsWholeBackward) builder.Hold(index, index, growth);
            else if (operation.Kind == OperationKind.BackwardInput)
                builder.Hold(index, builder.IndexOf(operation with { Kind = OperationKind.BackwardWeight }), growth);
        }
    }

    /// <summary>
    /// The backward of a slice finds the activations of the slices before it, since theirs come later, and grows beside them; those after it are freed.
    /// </summary>
    public long HeldBeyondActivation(Problem problem, int stage)
    {
        var (most, freed) = (0L, 0L);
        for (var slice = problem.SliceCount - 1; slice >= 0; slice--)
        {
            most = Math.Max(most, problem.GrowthOf(stage, slice) - freed);
            freed += problem.ActivationOf(stage, slice);
        }

        return most;
    }

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new GrowthRules(problem) : null;
}

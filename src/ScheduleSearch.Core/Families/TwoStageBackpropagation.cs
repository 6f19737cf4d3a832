using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// GPipe or 1F1B whose weight gradients are all put off until the last input gradient of their device is done, where they can run as one
/// call. A device holds up to m microbatches. For equal stages without latency the makespan of the first is m(F + B + W) + (p - 1)(F + B).
/// Source: Rae et al., 2BP, arXiv:2405.18047.
/// </summary>
/// <param name="base">The fused family whose order it keeps.</param>
internal sealed class TwoStageBackpropagation(IScheduleFamily @base) : IScheduleFamily
{
    public string Name => $"2bp-{@base.Name}";

    public string Placement => @base.Placement;

    public string Description =>
        $"The order of {@base.Name} with all weight gradients of a device after its last input gradient, one after the other. Makespan about "
        + "m(F + B + W) + (p - 1)(F + B) for equal stages without latency; a device holds what m microbatches retain.";

    public string Conditions => "";

    public string Source => "Rae et al., 2BP, arXiv:2405.18047";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => @base.BrokenCondition(problem);

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => [.. @base.Order(problem).Select(InTwoStages)];

    private static List<Operation> InTwoStages(IReadOnlyList<Operation> order)
    {
        var backwards = order.Where(operation => operation.Kind == OperationKind.Backward);
        return
        [
            .. order.Select(operation => operation.Kind == OperationKind.Backward ? operation with { Kind = OperationKind.BackwardInput } : operation),
            .. backwards.Select(operation => operation with { Kind = OperationKind.BackwardWeight }),
        ];
    }
}

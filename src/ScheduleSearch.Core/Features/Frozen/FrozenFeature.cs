using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Frozen;

/// <summary>
/// The first stages have no backward, or none has. The operations of the stages leave those backwards out, and with them all that would wait for them: what
/// is left waits for what it did. So the order of a family without them is one.
/// </summary>
public sealed class FrozenFeature : IOrderedFeature, ICarriedFeature, ICostedFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "frozen";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.frozen";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new FrozenSection();

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.FrozenStages > 0;

    /// <summary>A forward frees all that it took.</summary>
    public long DroppedAfterForward(Problem problem, int stage) =>
        problem.HasBackward(stage) ? 0 : problem.Activation[stage] + problem.SliceCount * problem.KeyValue[stage];

    /// <summary>Each slice's forward frees its activation before the next one takes its own; keys and values stay.</summary>
    public long NeverHeldAtOnce(Problem problem, int stage)
    {
        if (problem.HasBackward(stage)) return 0;
        var most = Enumerable.Range(0, problem.SliceCount).Max(slice => problem.ActivationOf(stage, slice) + (slice + 1) * problem.KeyValue[stage]);
        return problem.Activation[stage] + problem.SliceCount * problem.KeyValue[stage] - most;
    }

    /// <summary>The order without the backwards that there are not; a forward that would have run beside one runs alone.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) =>
        [.. orders.Select(order => Left(problem, order))];

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}",
        $"{part} expects a backward of every stage, and a gradient for the stage before.",
        "Give every stage a backward, with mode \"train\" where it takes no time, or use the format native.");

    private static List<Operation> Left(Problem problem, IReadOnlyList<Operation> order)
    {
        List<Operation> left = [];
        foreach (var operation in order)
        {
            if (problem.HasBackward(operation.Stage) || !IsOfBackward(operation.Facts.Role)) left.Add(operation);
            else if (operation.EndsPair) left[^1] = left[^1].Alone;
        }

        return left;
    }

    private static bool IsOfBackward(OperationRole role) =>
        role is OperationRole.InputGradient or OperationRole.WeightGradient or OperationRole.WholeBackward or OperationRole.Restore;
}

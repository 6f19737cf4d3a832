using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions;

/// <summary>Which gradients each rank has computed of each of its stages, and which of them it has summed with the stage's other replica.</summary>
internal sealed class SumLedger
{
    private readonly OperationGraph _graph;
    private readonly int[] _left;
    private readonly bool[] _summed;

    public SumLedger(OperationGraph graph)
    {
        _graph = graph;
        _left = new int[graph.Problem.Devices * graph.Problem.Stages];
        _summed = new bool[_left.Length];
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (ReplicaSums.IsGradient(graph.Operations[operation])) _left[Index(graph.DeviceOf(operation), graph.Operations[operation].Stage)]++;
        }
    }

    /// <summary>Enters an operation that a rank has carried out.</summary>
    public void Enter(int rank, Operation operation)
    {
        if (ReplicaSums.IsGradient(operation)) _left[Index(rank, operation.Stage)]--;
    }

    /// <summary>The rule that an all-reduce breaks on its own rank and how, or null.</summary>
    public (string Rule, string What)? BrokenBy(int rank, Instruction sum)
    {
        var (placement, stage) = (_graph.Problem.Placement, sum.Operation.Stage);
        if (!ReplicaSums.AreNeeded(placement) || stage >= placement.Stages || !_graph.Problem.HasBackward(stage))
            return ("completeness", "is not part of the schedule");
        if (ReplicaSums.PartnerOf(placement, stage, rank) is not { } partner) return ("rank", $"belongs to the ranks {ReplicaSums.OwnersOf(placement, stage)}");
        if (partner != sum.Peer) return ("peer", $"names another rank than {partner}, which holds the stage in the other pipe");
        if (_summed[Index(rank, stage)]) return ("duplicate", "stands twice");
        return _left[Index(rank, stage)] > 0 ? ("dependency", "comes before the last gradient of its stage") : null;
    }

    /// <summary>Enters an all-reduce that breaks no rule.</summary>
    public void Enter(int rank, Instruction sum) => _summed[Index(rank, sum.Operation.Stage)] = true;

    /// <summary>A rank and a stage of it whose gradients are not summed; null when there is none.</summary>
    public (int Rank, int Stage)? FirstMissing()
    {
        var placement = _graph.Problem.Placement;
        if (!ReplicaSums.AreNeeded(placement)) return null;
        for (var rank = 0; rank < placement.Devices; rank++)
        {
            foreach (var (_, stage) in placement.StagesOn(rank))
            {
                if (_graph.Problem.HasBackward(stage) && !_summed[Index(rank, stage)]) return (rank, stage);
            }
        }

        return null;
    }

    private int Index(int rank, int stage) => rank * _graph.Problem.Stages + stage;
}

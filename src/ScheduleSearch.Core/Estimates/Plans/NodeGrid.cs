using System.Collections.Immutable;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>
/// At which places of a cluster's nodes the ranks of all pipelines stand, by the order that Megatron gives global ranks: tensor-parallel devices side by side,
/// then the replicas of a pipeline rank, then the pipeline ranks. A place is a node in the order in which the launcher lists them: which one it is, is said
/// apart. A pipeline is one replica, or one part of its sequences where several devices share each.
/// </summary>
internal sealed class NodeGrid
{
    private readonly int _groupsOfNode;

    /// <summary>The grid of some sizes.</summary>
    /// <param name="tensor">Devices of a tensor-parallel group, a divisor of those of a node.</param>
    /// <param name="ranks">Ranks of a pipeline.</param>
    /// <param name="pipelines">Pipelines side by side.</param>
    /// <param name="devicesPerNode">Devices of a node.</param>
    public NodeGrid(int tensor, int ranks, int pipelines, int devicesPerNode)
    {
        (Ranks, Pipelines, _groupsOfNode) = (ranks, pipelines, devicesPerNode / tensor);
        var paths = new List<ImmutableArray<int>>();
        for (var pipeline = 0; pipeline < pipelines; pipeline++)
        {
            ImmutableArray<int> path = [.. Enumerable.Range(0, ranks).Select(rank => PlaceOf(rank, pipeline))];
            // Places never fall from one pipeline to the next, so that equal paths stand side by side.
            if (paths.Count == 0 || !paths[^1].SequenceEqual(path)) paths.Add(path);
        }

        Paths = [.. paths];
        Rings = [.. Enumerable.Range(0, ranks).Select(RingOf)];
    }

    /// <summary>Ranks of a pipeline.</summary>
    public int Ranks { get; }

    /// <summary>Pipelines side by side.</summary>
    public int Pipelines { get; }

    /// <summary>The place of each rank, for each pipeline that differs in them from the others.</summary>
    public ImmutableArray<ImmutableArray<int>> Paths { get; }

    /// <summary>For each rank where its replicas stand: the places, and the most of them at one place.</summary>
    public ImmutableArray<(ImmutableArray<int> Places, int Most)> Rings { get; }

    /// <summary>The place of a rank of a pipeline.</summary>
    public int PlaceOf(int rank, int pipeline) => (rank * Pipelines + pipeline) / _groupsOfNode;

    private (ImmutableArray<int> Places, int Most) RingOf(int rank)
    {
        var places = Enumerable.Range(0, Pipelines).Select(pipeline => PlaceOf(rank, pipeline)).CountBy(place => place).ToList();
        return ([.. places.Select(place => place.Key)], places.Max(place => place.Value));
    }
}

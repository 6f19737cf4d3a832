using ScheduleSearch.Core.Families.BuildingBlocks;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search.Periodic;

/// <summary>
/// Orders from the general search for building blocks, best first. A block is ranked by what a few rounds of compaction leave of it, since
/// what it costs before says little; both are seen with few microbatches, and only the block that is handed out is repeated for all.
/// </summary>
internal sealed class BlockConstruction
{
    private static readonly FeatureSet Covered = [TwoPipesFeature.Id, GrowthFeature.Id, .. FeatureCatalogue.Permitted];

    private const long JudgedOperations = 2_000_000;
    private const int RoundTrips = 3;
    private const int Compacted = 6;
    private const int Rounds = 5;

    private readonly Problem _judged;
    private readonly OperationGraph _operations;
    private readonly OperationGraph _judgedOperations;
    private readonly OrderImprovement _improvement;
    private readonly Arrangement _order;
    private readonly IEnumerator<BuildingBlock> _blocks;
    private readonly PriorityQueue<BuildingBlock, long> _repeated = new();
    private readonly PriorityQueue<BuildingBlock, long> _compacted = new();
    private long _placed;

    public BlockConstruction(OperationGraph operations, SearchGraph graph, Random random)
    {
        var problem = operations.Problem;
        var isLong = problem.Microbatches > RoundTrips * problem.Devices;
        _judged = isLong ? problem.WithMicrobatches(RoundTrips * problem.Devices) : problem;
        (_operations, _judgedOperations) = (operations, isLong ? OperationGraph.BuildOnLanes(_judged, OperationSelection.Finest(_judged)) : operations);
        var judgedGraph = isLong ? SearchGraph.Of(_judgedOperations) : graph;
        (_improvement, _order) = (new OrderImprovement(_judgedOperations, judgedGraph, random), new Arrangement(judgedGraph));
        _blocks = Suit(problem)
            ? BlockPatterns.EvenBlocks(problem).Concat(BlockPatterns.UnevenBlocks(problem, random)).GetEnumerator()
            : Enumerable.Empty<BuildingBlock>().GetEnumerator();
    }

    /// <summary>Whether there are blocks for a problem.</summary>
    public static bool Suit(Problem problem) => Covered.Covers(problem) && BlockPatterns.Suit(problem);

    /// <summary>Operations visited so far: the measure of work.</summary>
    public long Visited => _improvement.Visited + _placed;

    /// <summary>The orders of the best block not handed out yet; null when there is none left.</summary>
    public int[][]? Next(Func<bool> isOver)
    {
        for (var judged = 0L; judged < JudgedOperations && !isOver() && _blocks.MoveNext(); judged += _judgedOperations.Count)
        {
            _repeated.Enqueue(_blocks.Current, BlockOrder.Cost(_blocks.Current, _judged));
            _placed += _judgedOperations.Count;
        }

        for (var tried = 0; tried < Compacted && !isOver() && _repeated.TryDequeue(out var block, out _); tried++)
            _compacted.Enqueue(block, CompactedCost(block));
        if (!_compacted.TryDequeue(out var best, out _)) return null;
        _placed += _operations.Count;
        return Orders(best, _operations);
    }

    private long CompactedCost(BuildingBlock block)
    {
        _order.TakeOrders(Orders(block, _judgedOperations));
        _improvement.Retime(_order);
        var least = _order.Cost;
        for (var round = 0; round < Rounds; round++)
        {
            _improvement.Compact(_order, tolerance: round / (double)Rounds);
            least = Math.Min(least, _order.Cost);
        }

        return least;
    }

    private static int[][] Orders(BuildingBlock block, OperationGraph operations) =>
        [.. BlockOrder.Of(block, operations.Problem).Select(order => order.Select(operations.IndexOf).ToArray())];
}

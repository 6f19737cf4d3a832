using ScheduleSearch.Core.Operations;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Periodic;

/// <summary>
/// The items of a kernel as its model sees them. An item is microbatch * chains + chain, as in the local search's kernel. Times are counted
/// in steps and rounded up, so whatever fits in steps fits in ticks.
/// </summary>
internal sealed class KernelShape
{
    private const int MemoryLevels = 64;

    private readonly SearchGraph _graph;
    private readonly int _chains;
    private readonly int[][] _laneItems;
    private readonly long[] _levelsTaken;
    private readonly long[] _levelsFreed;

    /// <param name="graph">The operations.</param>
    /// <param name="microbatches">Microbatches that repeat together.</param>
    /// <param name="step">Ticks of a step.</param>
    public KernelShape(SearchGraph graph, int microbatches, long step)
    {
        (_graph, Microbatches, Step, _chains) = (graph, microbatches, step, graph.Chains.Length);
        _laneItems = [.. graph.LaneChains.Select(chains => chains
            .SelectMany(chain => Enumerable.Range(0, microbatches).Select(at => at * _chains + chain)).ToArray())];
        Anchors = [.. graph.LaneChains.Select(chains =>
            chains.Where(chain => graph.ChainKind[chain] == OperationKind.Forward).MinBy(chain => graph.ChainStage[chain]))];
        (_levelsTaken, _levelsFreed) = (new long[_chains], new long[_chains]);
        for (var lane = 0; lane < graph.LaneCount; lane++) CountLevels(lane);
    }

    /// <summary>Microbatches that repeat together.</summary>
    public int Microbatches { get; }

    /// <summary>Ticks of a step.</summary>
    public long Step { get; }

    /// <summary>The number of items.</summary>
    public int Count => _chains * Microbatches;

    /// <summary>The number of lanes.</summary>
    public int LaneCount => _laneItems.Length;

    /// <summary>For each lane the first thing that the kernel's first microbatch does there: its rounds are counted from it.</summary>
    public int[] Anchors { get; }

    /// <summary>Rounds between an anchor and an item of the same lane, at the most: twice what a way up and down the pipeline takes.</summary>
    public long MostRounds => 2 * LaneCount + 2;

    /// <summary>Steps of the busiest lane in a period: no period is shorter.</summary>
    public long LeastPeriod => _laneItems.Max(items => items.Sum(Duration));

    public int[] ItemsOn(int lane) => _laneItems[lane];

    public int Lane(int item) => _graph.Lane[OperationOf(item)];

    public long Duration(int item) => Steps(_graph.Duration[OperationOf(item)]);

    public long Acquired(int item) => _graph.Acquired[OperationOf(item)];

    public long Released(int item) => _graph.Released[OperationOf(item)];

    public long Limit(int lane) => _graph.Limit[lane];

    /// <summary>What an item takes, in coarse levels of memory. Each holding is rounded down, so that it counts for no more than it is.</summary>
    public long LevelsTaken(int item) => _levelsTaken[item % _chains];

    /// <summary>What an item frees, in coarse levels of memory.</summary>
    public long LevelsFreed(int item) => _levelsFreed[item % _chains];

    /// <summary>The levels of a lane's limit, rounded up.</summary>
    public long LevelsOf(int lane) => Levels(Limit(lane), lane) + 1;

    /// <summary>What an item waits for in its own microbatch, with lags in steps.</summary>
    public IEnumerable<(int Item, long Lag)> InputsOf(int item)
    {
        var first = item / _chains * _chains;
        foreach (var (input, lag) in _graph.Before.Of(OperationOf(item)).ToArray()) yield return (first + _graph.Chain[input], Steps(lag));
    }

    /// <summary>What comes next in an item's chain, and whether that is in the next repetition.</summary>
    public (int Item, bool Wraps) NextInChain(int item) => item + _chains < Count ? (item + _chains, false) : (item % _chains, true);

    /// <summary>Steps that hold so many ticks.</summary>
    public long Steps(long ticks) => (ticks + Step - 1) / Step;

    private void CountLevels(int lane)
    {
        foreach (var holding in _graph.HoldingsOn(lane))
        {
            var levels = Levels(holding.Units, lane);
            _levelsTaken[_graph.Chain[holding.From[0]]] += levels;
            _levelsFreed[_graph.Chain[holding.To[0]]] += levels;
        }
    }

    private long Levels(long units, int lane) => units / Math.Max(1, Limit(lane) / MemoryLevels);

    private int OperationOf(int item) => _graph.Chains[item % _chains][0];
}

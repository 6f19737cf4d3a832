using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// An operation graph in flat arrays, for inner loops that visit millions of operations a second, and in either direction of time. An
/// operation is known by its index in the operation graph in both directions.
/// </summary>
/// <remarks>
/// Microbatches of equal cost are interchangeable, so the operations of one kind on one stage run in the order of their microbatches: a
/// chain. What is left to decide on a lane is how its chains are merged.
/// </remarks>
internal sealed class SearchGraph
{
    private Lazy<ILookup<int, HoldingChain>> _holdings = null!;

    private SearchGraph(int count, int lanes)
    {
        (Count, LaneCount) = (count, lanes);
        Duration = new long[count];
        Lane = new int[count];
        Acquired = new long[count];
        Released = new long[count];
        Chain = new int[count];
        Rank = new int[count];
        Limit = new long[lanes];
        LaneChains = new int[lanes][];
        Chains = [];
    }

    /// <summary>The number of operations.</summary>
    public int Count { get; }

    /// <summary>The number of devices: the lanes before it are their compute lanes, the others are not devices.</summary>
    public int DeviceCount { get; private init; }

    /// <summary>The number of lanes.</summary>
    public int LaneCount { get; }

    /// <summary>Ticks of each operation.</summary>
    public long[] Duration { get; private init; }

    /// <summary>Lane of each operation.</summary>
    public int[] Lane { get; private init; }

    /// <summary>Memory units taken at each operation's start.</summary>
    public long[] Acquired { get; private init; }

    /// <summary>Memory units freed at each operation's end.</summary>
    public long[] Released { get; private init; }

    /// <summary>Memory units that each lane's device may hold; no limit on lanes that hold none.</summary>
    public long[] Limit { get; private init; }

    /// <summary>The operations that have to be done in time; none with time reversed.</summary>
    public DueDate[] DueDates { get; private init; } = [];

    /// <summary>Ticks by which each operation should start so that all deadlines are kept; null where there are none.</summary>
    public long[]? LatestStart { get; private init; }

    /// <summary>Chain of each operation.</summary>
    public int[] Chain { get; private init; }

    /// <summary>
    /// Rank of each operation: its turn in its chain, and with two pipes its microbatch's place among those of both when the pipes take turns
    /// as evenly as their shares allow, by slices where microbatches have them. 0 of what is of no microbatch.
    /// </summary>
    public int[] Rank { get; private init; }

    /// <summary>The slices of a microbatch.</summary>
    public int SliceCount { get; private init; }

    /// <summary>Whether some operations make again what a backward reads.</summary>
    public bool HasRestores { get; private set; }

    /// <summary>Whether something after a microbatch's forward takes memory, so that forwards have to leave room for it.</summary>
    public bool TakesAfterForwards { get; private set; }

    /// <summary>Whether some forwards free what they took, since no backward reads it.</summary>
    public bool HasLoneForwards { get; private set; }

    /// <summary>Whether all there is are forwards and backwards of whole microbatches down one pipe, and only forwards take memory.</summary>
    public bool IsPlain => SliceCount == 1 && !HasRestores && !TakesAfterForwards && !HasLoneForwards && ChainPipe.All(pipe => pipe == ChainPipe[0]);

    /// <summary>Whether operations on no lane have become lags, which need not be those of one microbatch.</summary>
    public bool HasBarriers { get; private init; }

    /// <summary>
    /// Whether all chains are of microbatches of one size, equally long, and wait within each microbatch, so that a kernel takes as much of each.
    /// </summary>
    public bool IsEven => SliceCount == 1 && LaneCount == DeviceCount && !HasBarriers && Chains.All(chain => chain.Length == Chains[0].Length)
        && ChainKind.All(kind => kind.Facts().Role is not (OperationRole.Update or OperationRole.Fill)) && Chains.All(IsOfOneSize);

    /// <summary>Operations of each chain, in order.</summary>
    public int[][] Chains { get; private set; }

    /// <summary>Kind of operation of each chain.</summary>
    public OperationKind[] ChainKind { get; private set; } = [];

    /// <summary>Stage of each chain.</summary>
    public int[] ChainStage { get; private set; } = [];

    /// <summary>Pipe of each chain.</summary>
    public int[] ChainPipe { get; private set; } = [];

    /// <summary>Chains of each lane, by stage, then by kind.</summary>
    public int[][] LaneChains { get; private init; }

    /// <summary>
    /// The memory that is held on a lane, from those that take it to those that free it when time runs forward. Gathered when it is first
    /// asked for.
    /// </summary>
    public IEnumerable<HoldingChain> HoldingsOn(int lane) => _holdings.Value[lane];

    /// <summary>What each operation waits for.</summary>
    public Neighbours Before { get; private set; } = null!;

    /// <summary>What waits for each operation.</summary>
    public Neighbours After { get; private set; } = null!;

    /// <summary>What each operation waits for on other lanes; on its own lane the order sees to it, but for a lag.</summary>
    public Neighbours BeforeElsewhere { get; private set; } = null!;

    /// <summary>What waits for each operation on other lanes, and after a lag on its own.</summary>
    public Neighbours AfterElsewhere { get; private set; } = null!;

    /// <summary>The same operations with time reversed: what is freed at an end is taken at a start.</summary>
    public SearchGraph Reversed { get; private set; } = null!;

    /// <summary>Flattens a graph, in both directions. Cost: linear in the operations.</summary>
    public static SearchGraph Of(OperationGraph graph)
    {
        var forward = new SearchGraph(graph.Count, graph.Lanes.Count)
        {
            DeviceCount = graph.Problem.Devices,
            SliceCount = graph.Problem.SliceCount,
            HasBarriers = graph.Whole is not null,
            DueDates = [.. graph.DueDates],
            LatestStart = LatestStarts(graph),
        };
        graph.Durations.CopyTo(forward.Duration);
        graph.LaneOf.CopyTo(forward.Lane);
        graph.Acquired.CopyTo(forward.Acquired);
        graph.Released.CopyTo(forward.Released);
        for (var lane = 0; lane < forward.LaneCount; lane++) forward.Limit[lane] = graph.IsCompute(lane) ? graph.Problem.LimitOf(lane) : long.MaxValue;
        forward.GatherChains(graph);
        forward._holdings = new(() => HoldingChain.Of(graph).ToLookup(holding => forward.Lane[holding.From[0]]));
        forward.Before = Neighbours.Of(graph, graph.DependenciesOf, elsewhereOnly: false);
        forward.After = Neighbours.Of(graph, graph.DependentsOf, elsewhereOnly: false);
        forward.BeforeElsewhere = Neighbours.Of(graph, graph.DependenciesOf, elsewhereOnly: true);
        forward.AfterElsewhere = Neighbours.Of(graph, graph.DependentsOf, elsewhereOnly: true);
        forward.Reversed = forward.Reverse();
        return forward;
    }

    /// <summary>What an order costs whose operations start at some times: one that misses a deadline costs more than any like it that keeps all.</summary>
    public long Judged(long cost, long[] starts)
    {
        var late = 0L;
        foreach (var (operation, end, _) in DueDates) late += Math.Max(0, starts[operation] + Duration[operation] - end);
        return late == 0 ? cost : 2 * cost + late;
    }

    private static long[]? LatestStarts(OperationGraph graph)
    {
        if (graph.DueDates.IsEmpty) return null;
        var latest = new long[graph.Count];
        Array.Fill(latest, long.MaxValue);
        foreach (var date in graph.DueDates) latest[date.Operation] = date.Start;
        return latest;
    }

    private SearchGraph Reverse()
    {
        var reversed = new SearchGraph(Count, LaneCount)
        {
            Duration = Duration,
            Lane = Lane,
            Acquired = Released,
            Released = Acquired,
            Limit = Limit,
            Chain = Chain,
            Rank = Rank,
            DeviceCount = DeviceCount,
            SliceCount = SliceCount,
            HasBarriers = HasBarriers,
            HasRestores = HasRestores,
            TakesAfterForwards = TakesAfterForwards,
            HasLoneForwards = HasLoneForwards,
            LaneChains = LaneChains,
        };
        reversed.Chains = [.. Chains.Select(chain => chain.Reverse().ToArray())];
        (reversed.ChainKind, reversed.ChainStage, reversed.ChainPipe) = (ChainKind, ChainStage, ChainPipe);
        reversed._holdings = _holdings;
        (reversed.Before, reversed.After) = (After, Before);
        (reversed.BeforeElsewhere, reversed.AfterElsewhere) = (AfterElsewhere, BeforeElsewhere);
        reversed.Reversed = this;
        return reversed;
    }

    /// <summary>Whether all operations of a chain take the same time and memory.</summary>
    private bool IsOfOneSize(int[] chain) => chain.All(operation => Duration[operation] == Duration[chain[0]]
        && Acquired[operation] == Acquired[chain[0]] && Released[operation] == Released[chain[0]]);

    private void GatherChains(OperationGraph graph)
    {
        var chains = new OperationChains(graph).All
            .Select(chain => (First: graph.Operations[chain[0]], Operations: chain))
            .OrderBy(chain => chain.First.Pipe).ThenBy(chain => chain.First.Stage).ThenBy(chain => chain.First.Kind)
            .ThenBy(chain => chain.First.Item, StringComparer.Ordinal)
            .ToList();
        Chains = [.. chains.Select(chain => chain.Operations)];
        ChainKind = [.. chains.Select(chain => chain.First.Kind)];
        ChainStage = [.. chains.Select(chain => chain.First.Stage)];
        ChainPipe = [.. chains.Select(chain => chain.First.Pipe)];
        HasRestores = ChainKind.Any(kind => kind.Facts().Role == OperationRole.Restore);
        HasLoneForwards = Enumerable.Range(0, graph.Problem.Stages).Any(stage => !graph.Problem.HasBackward(stage));
        TakesAfterForwards = Chains.Zip(ChainKind).Any(chain =>
            chain.Second.Facts().Role != OperationRole.Forward && chain.First.Any(operation => graph.Acquired[operation] > 0));
        RankOperations();
        for (var chain = 0; chain < Chains.Length; chain++)
        {
            foreach (var operation in Chains[chain]) Chain[operation] = chain;
        }

        for (var lane = 0; lane < LaneCount; lane++)
            LaneChains[lane] = [.. Enumerable.Range(0, Chains.Length).Where(chain => Lane[Chains[chain][0]] == lane)];
    }

    private void RankOperations()
    {
        var ofMicrobatches = Enumerable.Range(0, Chains.Length).Where(chain => ChainKind[chain].Facts().IsOfMicrobatch).ToList();
        var shares = ofMicrobatches.DistinctBy(chain => ChainPipe[chain])
            .Select(chain => (Pipe: ChainPipe[chain], Count: Chains[chain].Length / SliceCount)).ToList();
        var ranks = shares
            .SelectMany(share => Enumerable.Range(0, share.Count).Select(turn => (share.Pipe, Turn: turn, Share: share.Count)))
            .OrderBy(microbatch => (2.0 * microbatch.Turn + 1) / microbatch.Share).ThenBy(microbatch => microbatch.Pipe)
            .Select((microbatch, rank) => (microbatch.Pipe, microbatch.Turn, Rank: rank))
            .ToDictionary(microbatch => (microbatch.Pipe, microbatch.Turn), microbatch => microbatch.Rank);
        foreach (var chain in ofMicrobatches)
        {
            for (var turn = 0; turn < Chains[chain].Length; turn++)
                Rank[Chains[chain][turn]] = ranks[(ChainPipe[chain], turn / SliceCount)] * SliceCount + turn % SliceCount;
        }
    }
}

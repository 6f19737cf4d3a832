using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Memory that forwards have to leave on each lane, with two pipes, slices, recomputed activations, backwards that take memory, or passes that hold memory of
/// their own, so that a list scheduler does not get stuck.
/// </summary>
/// <remarks>
/// <para>
/// A microbatch g whose forwards on a lane are not all done needs what they leave there, up to each stage, and beside it what is taken for that stage's
/// backward: what is recomputed, and what the backward itself takes. By then the stages after it have freed theirs. A younger forward starts only if all
/// that younger microbatches hold then leaves room for that, for every older g. In each pipe the oldest such g stands for the others: they need the same
/// and have fewer younger ones. What is younger than g grows only by such starts, so there is room for g when everything older is done.
/// </para>
/// <para>
/// A forward starts only if, of each stage in flight, its own included, the oldest microbatch could have its backward there with all that is held then,
/// but for what it has left on later stages of the lane, which goes before. A recompute starts only if its backward's own need fits beside it.
/// Pending weight gradients can always run. Let all that can run have run, and look at what was last to take memory on the lane of the oldest
/// microbatch of all, and has not been freed: a recompute left room for its backward, and a forward for that of the oldest. So something can go on.
/// </para>
/// <para>
/// The same room is there for what other operations take, such as a shard of the logits: those of the oldest microbatch come first on every lane, so
/// each lane comes to take its own, and then all are freed again. While one of them is held no forward starts that would need its room.
/// </para>
/// </remarks>
internal sealed class RoomForOldest
{
    private readonly SearchGraph _graph;
    private readonly int[][] _forwards;
    private readonly int[] _backwardOf;
    private readonly int[][] _lastForwards;
    private readonly long[] _left;
    private readonly long[][] _later;
    private readonly long[] _passes;
    private readonly long[] _need;
    private readonly long[][] _held;
    private readonly int[] _youngest;

    /// <param name="graph">The operations.</param>
    /// <param name="forwards">Chains of forwards of each lane, by pipe, then by stage.</param>
    /// <param name="backwardOf">For each chain that of the backwards of its stage and pipe; negative where there are none.</param>
    public RoomForOldest(SearchGraph graph, int[][] forwards, int[] backwardOf)
    {
        (_graph, _forwards, _backwardOf) = (graph, forwards, backwardOf);
        _lastForwards = [.. forwards.Select(chains => chains.GroupBy(chain => graph.ChainPipe[chain]).Select(pipe => pipe.Last()).ToArray())];
        (_left, _later, _need) = (new long[graph.Chains.Length], new long[graph.Chains.Length][], new long[graph.Chains.Length]);
        _passes =
        [
            .. graph.LaneChains.Select(chains => chains.Where(chain => graph.ChainKind[chain].Facts().Role == OperationRole.Shard)
                .Select(chain => graph.Chains[chain].Max(operation => graph.Acquired[operation])).DefaultIfEmpty().Max()),
        ];
        foreach (var (lane, chains) in forwards.Index())
        {
            foreach (var chain in chains)
                (_left[chain], _later[chain]) = (graph.Chains[chain].Chunk(graph.SliceCount).Max(slices => slices.Sum(Left)), TakenLater(chain));
            foreach (var pipe in chains.GroupBy(chain => graph.ChainPipe[chain]))
            {
                var (left, most) = (0L, 0L);
                foreach (var chain in pipe) most = Math.Max(most, (left += _left[chain]) + _later[chain][0]);
                // A microbatch of another pipe may have to have its backward beside it.
                var others = chains.Where(chain => graph.ChainPipe[chain] != pipe.Key).Select(chain => _later[chain][0]).DefaultIfEmpty().Max();
                _need[pipe.Last()] = Math.Max(most, left + Math.Max(others, _passes[lane]));
            }
        }

        var microbatches = graph.Rank.Max() / graph.SliceCount + 1;
        _held = [.. forwards.Select(_ => new long[microbatches])];
        _youngest = new int[graph.LaneCount];
    }

    /// <summary>Chains of forwards of each lane, by pipe, then by stage.</summary>
    public static int[][] ForwardsOf(SearchGraph graph) =>
        [.. graph.LaneChains.Select(chains => Array.FindAll(chains, chain => graph.ChainKind[chain].Facts().Role == OperationRole.Forward))];

    /// <summary>For each chain that of the backwards of its stage and pipe; -1 where there are none.</summary>
    public static int[] BackwardsOf(SearchGraph graph)
    {
        var backwards = new int[graph.Chains.Length];
        foreach (var chains in graph.LaneChains)
        {
            foreach (var chain in chains)
            {
                backwards[chain] = chains.FirstOrDefault(defaultValue: -1, predicate: other => graph.ChainStage[other] == graph.ChainStage[chain]
                    && graph.ChainPipe[other] == graph.ChainPipe[chain]
                    && graph.ChainKind[other].Facts().Role is OperationRole.InputGradient or OperationRole.WholeBackward);
            }
        }

        return backwards;
    }

    /// <summary>Forgets all that was taken.</summary>
    public void Clear()
    {
        foreach (var held in _held) Array.Clear(held);
        Array.Clear(_youngest);
    }

    /// <summary>Carries out an operation.</summary>
    public void Take(int operation)
    {
        var (lane, microbatch) = (_graph.Lane[operation], MicrobatchOf(operation));
        _held[lane][microbatch] += Left(operation);
        _youngest[lane] = Math.Max(_youngest[lane], microbatch);
    }

    /// <summary>Whether a forward leaves the older microbatches of the lane what they need.</summary>
    /// <param name="forward">The forward.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="next">How many operations of each chain are carried out.</param>
    public bool IsLeftBy(int forward, int lane, int[] next)
    {
        var microbatch = MicrobatchOf(forward);
        foreach (var last in _lastForwards[lane])
        {
            if (next[last] == _graph.Chains[last].Length) continue;
            var oldest = MicrobatchOf(_graph.Chains[last][next[last]]);
            if (oldest >= microbatch) continue;
            var needed = _need[last] + Left(forward);
            for (var younger = oldest + 1; younger <= _youngest[lane]; younger++) needed += _held[lane][younger];
            if (needed > _graph.Limit[lane]) return false;
        }

        return true;
    }

    /// <summary>Whether memory holds a forward, and after it the backward of the oldest microbatch on each stage in flight.</summary>
    /// <param name="forward">The forward.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="held">Memory units held on the lane.</param>
    /// <param name="next">How many operations of each chain are carried out.</param>
    public bool Fits(int forward, int lane, long held, int[] next)
    {
        if (held + _graph.Acquired[forward] > _graph.Limit[lane]) return false;
        if (!_graph.TakesAfterForwards) return true;
        var after = held + Left(forward);
        if (after + _passes[lane] > _graph.Limit[lane]) return false;
        foreach (var chain in _forwards[lane])
        {
            if (_backwardOf[chain] < 0) continue;
            var backwards = next[_backwardOf[chain]];
            if (Done(chain) <= backwards) continue;
            var oldest = backwards / _graph.SliceCount;
            var freed = 0L;
            foreach (var later in _forwards[lane])
            {
                if (_graph.ChainPipe[later] == _graph.ChainPipe[chain] && _graph.ChainStage[later] > _graph.ChainStage[chain]
                    && Done(later) >= (oldest + 1) * _graph.SliceCount && next[_backwardOf[later]] <= oldest * _graph.SliceCount)
                    freed += LeftBy(later, oldest);
            }

            if (after - freed + _later[chain][backwards % _graph.SliceCount] > _graph.Limit[lane]) return false;
        }

        return true;

        int Done(int chain) => next[chain] + (chain == _graph.Chain[forward] ? 1 : 0);
    }

    /// <summary>
    /// The most that is taken for the backwards of a microbatch on a stage, by how many of its slices' are done: what a forward frees at its end is
    /// recomputed, a backward may take more, and each frees what it can for the next. Where there is none, what the forwards take and free again.
    /// Of microbatches of several sizes, the most that any takes.
    /// </summary>
    private long[] TakenLater(int forward)
    {
        int[] backwards = [.. _graph.LaneChains[_graph.Lane[_graph.Chains[forward][0]]].Where(chain => chain != forward
            && _graph.ChainStage[chain] == _graph.ChainStage[forward] && _graph.ChainPipe[chain] == _graph.ChainPipe[forward]
            && _graph.ChainKind[chain].Facts().Role is not (OperationRole.Shard or OperationRole.Update or OperationRole.Fill))];
        var most = new long[_graph.SliceCount];
        for (var first = 0; first < _graph.Chains[forward].Length; first += most.Length)
        {
            var later = TakenLater(forward, backwards, first);
            for (var done = 0; done < most.Length; done++) most[done] = Math.Max(most[done], later[done]);
        }

        return most;
    }

    /// <summary>As above, of the microbatch whose first slice has a place in the chains.</summary>
    private long[] TakenLater(int forward, int[] backwards, int first)
    {
        var later = new long[_graph.SliceCount];
        if (_backwardOf[forward] < 0)
        {
            var held = 0L;
            foreach (var slice in _graph.Chains[forward].AsSpan(first, later.Length))
            {
                later[0] = Math.Max(later[0], held + _graph.Acquired[slice]);
                held += Left(slice);
            }

            return later;
        }

        for (var done = later.Length - 1; done >= 0; done--)
        {
            var taken = _graph.Released[_graph.Chains[forward][first + done]]
                + _graph.Acquired[_graph.Chains[_backwardOf[forward]][first + done]];
            var rest = done + 1 < later.Length ? later[done + 1] + backwards.Sum(chain => Left(_graph.Chains[chain][first + done])) : 0;
            later[done] = Math.Max(taken, rest);
        }

        return later;
    }

    /// <summary>What a microbatch's forwards of a chain leave.</summary>
    private long LeftBy(int chain, int microbatch)
    {
        var left = 0L;
        foreach (var operation in _graph.Chains[chain].AsSpan(microbatch * _graph.SliceCount, _graph.SliceCount)) left += Left(operation);
        return left;
    }

    private long Left(int operation) => _graph.Acquired[operation] - _graph.Released[operation];

    private int MicrobatchOf(int operation) => _graph.Rank[operation] / _graph.SliceCount;
}

using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Memory that forwards have to leave on each lane, with two pipes, slices, recomputed activations, or passes that hold memory of their own, so that a
/// list scheduler does not get stuck.
/// </summary>
/// <remarks>
/// <para>
/// A microbatch g whose forwards on a lane are not all done needs what they leave there, and beside it what is recomputed at once. A
/// younger forward starts only if all that younger microbatches hold then leaves room for that, for every older g. In each pipe the oldest
/// such g stands for the others: they need the same and have fewer younger ones. What is younger than g grows only by such starts, so there
/// is room for g when everything older is done.
/// </para>
/// <para>
/// Whatever is recomputed is freed by a backward whose other inputs are there, and pending weight gradients can always run. What else is
/// held when an activation is to be recomputed are the parts that forwards left: a forward starts only if the largest part that any
/// stage in flight recomputes fits beside them. So the oldest microbatch of all can always go on.
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
    private readonly long[] _again;
    private readonly long[] _others;
    private readonly long[] _need;
    private readonly long[][] _held;
    private readonly int[] _youngest;

    /// <param name="graph">The operations.</param>
    /// <param name="forwards">Chains of forwards of each lane, by pipe, then by stage.</param>
    /// <param name="backwardOf">For each chain that of the backwards of its stage and pipe.</param>
    public RoomForOldest(SearchGraph graph, int[][] forwards, int[] backwardOf)
    {
        (_graph, _forwards, _backwardOf) = (graph, forwards, backwardOf);
        _lastForwards = [.. forwards.Select(chains => chains.GroupBy(chain => graph.ChainPipe[chain]).Select(pipe => pipe.Last()).ToArray())];
        _again = [.. graph.Chains.Select(chain => graph.Released[chain[0]])];
        _others =
        [
            .. graph.LaneChains.Select(chains => chains.Where(chain => TakesBesideForwards(graph, chain))
                .Select(chain => graph.Acquired[graph.Chains[chain][0]]).DefaultIfEmpty().Max()),
        ];
        _need = new long[graph.Chains.Length];
        foreach (var (lane, chains) in forwards.Index())
        {
            // Whichever pipe holds it, the largest part of all may have to fit beside it.
            var again = chains.Select(chain => _again[chain]).Append(_others[lane]).Max();
            foreach (var pipe in chains.GroupBy(chain => graph.ChainPipe[chain]))
                _need[pipe.Last()] = again + pipe.Sum(chain => graph.Chains[chain].Take(graph.SliceCount).Sum(Left));
        }

        var microbatches = graph.Rank.Max() / graph.SliceCount + 1;
        _held = [.. forwards.Select(_ => new long[microbatches])];
        _youngest = new int[graph.LaneCount];
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

    /// <summary>Whether memory holds a forward, and after it the largest part that a stage in flight recomputes or another operation takes.</summary>
    /// <param name="forward">The forward.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="held">Memory units held on the lane.</param>
    /// <param name="next">How many operations of each chain are carried out.</param>
    public bool Fits(int forward, int lane, long held, int[] next)
    {
        if (held + _graph.Acquired[forward] > _graph.Limit[lane]) return false;
        var again = _others[lane];
        foreach (var chain in _graph.HasRestores ? _forwards[lane] : [])
        {
            if (next[chain] > next[_backwardOf[chain]]) again = Math.Max(again, _again[chain]);
        }

        return held + Left(forward) + again <= _graph.Limit[lane];
    }

    private static bool TakesBesideForwards(SearchGraph graph, int chain) =>
        graph.ChainKind[chain].Facts().Role is not (OperationRole.Forward or OperationRole.Restore);

    private long Left(int operation) => _graph.Acquired[operation] - _graph.Released[operation];

    private int MicrobatchOf(int operation) => _graph.Rank[operation] / _graph.SliceCount;
}

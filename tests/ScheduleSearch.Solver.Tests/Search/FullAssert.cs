using ScheduleSearch.Solver.Search;
using Shouldly;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>
/// Compares everything that an improvement keeps up to date with what follows from scratch, at every step: that an order is a permutation
/// in which chains are in turn and nothing waits in a circle, what it holds, and the longest paths through it.
/// </summary>
internal sealed class FullAssert : IStepCheck
{
    /// <summary>Choices of compactors that were looked at.</summary>
    public int Choices { get; private set; }

    /// <summary>Moves in windows that were looked at.</summary>
    public int Moves { get; private set; }

    /// <summary>Moves of these that changed the order.</summary>
    public int Made { get; private set; }

    /// <summary>Replays that were looked at.</summary>
    public int Replays { get; private set; }

    private int[] _sequence = [];

    public void BeforeChoice(SearchGraph graph, int[][] old, int[][] placed, int[] placedInChain, long[] starts, long[] held)
    {
        Choices++;
        var isPlaced = new bool[graph.Count];
        var orders = new int[graph.LaneCount][];
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            var first = placed[lane][..graph.LaneChains[lane].Sum(chain => placedInChain[chain])];
            foreach (var operation in first) isPlaced[operation] = true;
            orders[lane] = [.. first, .. old[lane].Where(operation => !isPlaced[operation])];
            held[lane].ShouldBe(first.Sum(operation => graph.Acquired[operation] - graph.Released[operation]), "held");
        }

        // What is left of the old order can still be carried out after what is placed, and fits.
        ShouldBeAnOrder(graph, orders);
        ShouldKeepWaiting(graph, orders, starts, operation => isPlaced[operation]);
    }

    public void Compacted(SearchGraph graph, int[][] order, long[] starts, long cost, LaneDates dates)
    {
        ShouldBeAnOrder(graph, order);
        ShouldKeepWaiting(graph, order, starts, _ => true);
        cost.ShouldBe(order.Select((operations, lane) => operations.Length == 0
            ? long.MinValue
            : starts[operations[^1]] + graph.Duration[operations[^1]] + dates.Delivery[lane]).Max(), "cost of the starts");
        var replay = ScratchReplay.Of(graph, order, dates).ShouldNotBeNull();
        replay.Cost.ShouldBeLessThanOrEqualTo(cost);
        for (var operation = 0; operation < graph.Count; operation++) replay.Starts[operation].ShouldBeLessThanOrEqualTo(starts[operation]);
    }

    public void AfterMove(SearchGraph graph, Arrangement order, Window window, WindowPaths paths, ReadOnlySpan<long> held, LaneDates dates)
    {
        Moves++;
        var sequence = paths.Sequence.AsSpan(0, window.Count);
        // The first move of a window is compared with the order as cut.
        if (!sequence.SequenceEqual(Moves == 1 || _sequence.Length != window.Count ? [.. Enumerable.Range(0, window.Count)] : _sequence)) Made++;
        _sequence = sequence.ToArray();
        var orders = order.Orders.Select(operations => operations.ToArray()).ToArray();
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            if (window.First[lane] == window.First[lane + 1]) continue;
            var from = Array.IndexOf(orders[lane], window.Operation[window.First[lane]]);
            var before = orders[lane].Take(from).Sum(operation => graph.Acquired[operation] - graph.Released[operation]);
            for (var slot = window.First[lane]; slot < window.First[lane + 1]; slot++)
            {
                var operation = window.Operation[sequence[slot]];
                orders[lane][from + slot - window.First[lane]] = operation;
                held[slot].ShouldBe(before, "held");
                before += graph.Acquired[operation] - graph.Released[operation];
            }
        }

        ShouldBeAnOrder(graph, orders);
        var replay = ScratchReplay.Of(graph, orders, dates).ShouldNotBeNull();
        var longest = long.MinValue;
        for (var place = 0; place < window.Count; place++)
        {
            var operation = window.Operation[place];
            paths.Start[place].ShouldBe(replay.Starts[operation], "start");
            paths.Tail[place].ShouldBe(replay.Tails[operation], "tail");
            longest = Math.Max(longest, replay.Starts[operation] + graph.Duration[operation] + replay.Tails[operation]);
        }

        paths.Cost.ShouldBe(longest, "longest path");
    }

    public void Retimed(SearchGraph graph, Arrangement order, LaneDates dates)
    {
        Replays++;
        ShouldBeAnOrder(graph, order.Orders);
        var replay = ScratchReplay.Of(graph, order.Orders, dates).ShouldNotBeNull();
        order.Starts.ShouldBe(replay.Starts);
        order.Cost.ShouldBe(replay.Cost);
    }

    /// <summary>Every operation once on its lane, chains in turn, nothing in a circle, and no more held than may be.</summary>
    private static void ShouldBeAnOrder(SearchGraph graph, int[][] orders)
    {
        orders.Sum(order => order.Length).ShouldBe(graph.Count);
        var next = new int[graph.Chains.Length];
        for (var lane = 0; lane < orders.Length; lane++)
        {
            var held = 0L;
            foreach (var operation in orders[lane])
            {
                graph.Lane[operation].ShouldBe(lane);
                graph.Chains[graph.Chain[operation]][next[graph.Chain[operation]]++].ShouldBe(operation, "turn");
                held += graph.Acquired[operation];
                held.ShouldBeLessThanOrEqualTo(graph.Limit[lane], "memory");
                held -= graph.Released[operation];
            }
        }

        ScratchReplay.Of(graph, orders, LaneDates.Open(graph.LaneCount)).ShouldNotBeNull("deadlock");
    }

    /// <summary>Nothing starts before its inputs are there and its lane is free.</summary>
    private static void ShouldKeepWaiting(SearchGraph graph, int[][] orders, long[] starts, Predicate<int> counts)
    {
        foreach (var order in orders)
        {
            for (var position = 0; position < order.Length && counts(order[position]); position++)
            {
                var operation = order[position];
                if (position > 0) starts[operation].ShouldBeGreaterThanOrEqualTo(starts[order[position - 1]] + graph.Duration[order[position - 1]]);
                foreach (var (input, lag) in graph.Before.Of(operation))
                {
                    counts(input).ShouldBeTrue();
                    starts[operation].ShouldBeGreaterThanOrEqualTo(starts[input] + graph.Duration[input] + lag);
                }
            }
        }
    }
}

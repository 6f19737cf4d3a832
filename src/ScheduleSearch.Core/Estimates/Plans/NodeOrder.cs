using System.Collections.Immutable;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>
/// Which node stands at which place, so that a cost is least: by trying all orders of few nodes, by simulated annealing with the moves of Pipette for more.
/// </summary>
internal static class NodeOrder
{
    /// <summary>Nodes of which all orders are tried: 5,040 of them.</summary>
    private const int MostTried = 7;

    /// <summary>By how much the temperature falls from one step to the next, and how many there are, each time that it starts.</summary>
    private const double Cooling = 0.999;

    private const int Steps = 8000;

    /// <summary>The share of the first cost with which the temperature begins.</summary>
    private const double FirstShare = 0.1;

    /// <summary>The best order that was found; the nodes in their own order where no other is better.</summary>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="cost">The cost of an order, 0 or more.</param>
    /// <param name="seed">The seed of what is random.</param>
    public static ImmutableArray<int> Best(int nodes, Func<ImmutableArray<int>, double> cost, int seed) =>
        nodes <= MostTried ? Tried(nodes, cost) : Annealed(nodes, cost, seed);

    /// <summary>The best of all orders.</summary>
    internal static ImmutableArray<int> Tried(int nodes, Func<ImmutableArray<int>, double> cost)
    {
        var (best, least) = (ImmutableArray<int>.Empty, double.PositiveInfinity);
        foreach (var order in Orders([], [.. Enumerable.Range(0, nodes)]))
        {
            if (cost(order) is var found && found < least) (best, least) = (order, found);
        }

        return best;
    }

    /// <summary>The best order that simulated annealing meets.</summary>
    internal static ImmutableArray<int> Annealed(int nodes, Func<ImmutableArray<int>, double> cost, int seed)
    {
        var random = new Random(seed);
        ImmutableArray<int> order = [.. Enumerable.Range(0, nodes)];
        var current = cost(order);
        var (best, least, temperature) = (order, current, FirstShare * current);
        for (var step = 0; step < Steps && temperature > 0; step++, temperature *= Cooling)
        {
            var next = Moved(order, random);
            var found = cost(next);
            if (found > current && random.NextDouble() >= Math.Exp((current - found) / temperature)) continue;
            (order, current) = (next, found);
            if (found < least) (best, least) = (next, found);
        }

        return best;
    }

    /// <summary>The order with a stretch of it turned round, one node or a stretch put elsewhere, turned round or not, or two nodes exchanged.</summary>
    private static ImmutableArray<int> Moved(ImmutableArray<int> order, Random random)
    {
        var (one, other) = (random.Next(order.Length), random.Next(order.Length));
        var (first, last) = (Math.Min(one, other), Math.Max(one, other));
        var stretch = order[first..(last + 1)];
        switch (random.Next(5))
        {
            case 0:
                return Put(order, first, stretch.Reverse(), first);
            case 1:
                return Put(order, one, [order[one]], random.Next(order.Length));
            case 2:
                return order.SetItem(one, order[other]).SetItem(other, order[one]);
            case 3:
                return Put(order, first, stretch, random.Next(order.Length - stretch.Length + 1));
            default:
                return Put(order, first, stretch.Reverse(), random.Next(order.Length - stretch.Length + 1));
        }
    }

    /// <summary>The order with a stretch of it taken out and others in its place put in elsewhere.</summary>
    private static ImmutableArray<int> Put(ImmutableArray<int> order, int first, IEnumerable<int> nodes, int to)
    {
        ImmutableArray<int> stretch = [.. nodes];
        return order.RemoveRange(first, stretch.Length).InsertRange(to, stretch);
    }

    private static IEnumerable<ImmutableArray<int>> Orders(ImmutableArray<int> begun, ImmutableArray<int> left) => left.IsEmpty
        ? [begun]
        : left.SelectMany(node => Orders(begun.Add(node), left.Remove(node)));
}

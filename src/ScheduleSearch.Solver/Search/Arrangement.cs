namespace ScheduleSearch.Solver.Search;

/// <summary>An order of every lane with its earliest starts and its cost, in arrays that are written over from step to step.</summary>
internal sealed class Arrangement
{
    private readonly SearchGraph _graph;

    public Arrangement(SearchGraph graph)
    {
        _graph = graph;
        Orders = [.. graph.LaneChains.Select(chains => new int[chains.Sum(chain => graph.Chains[chain].Length)])];
        Starts = new long[graph.Count];
    }

    /// <summary>Operations of each lane, first to last.</summary>
    public int[][] Orders { get; }

    /// <summary>The start of each operation.</summary>
    public long[] Starts { get; }

    /// <summary>The cost under the windows it was built with.</summary>
    public long Cost { get; set; } = long.MaxValue;

    /// <summary>Takes over the orders and starts of another.</summary>
    public void Take(int[][] orders, long[] starts, long cost)
    {
        TakeOrders(orders);
        starts.CopyTo(Starts, 0);
        Cost = cost;
    }

    /// <summary>Takes over orders alone; the times must follow.</summary>
    public void TakeOrders(int[][] orders)
    {
        for (var lane = 0; lane < orders.Length; lane++) orders[lane].CopyTo(Orders[lane], 0);
    }

    /// <summary>Takes over the orders and starts of another.</summary>
    public void Take(Arrangement other) => Take(other.Orders, other.Starts, other.Cost);

    /// <summary>Takes over, with time reversed, the orders and starts of a schedule whose first start is 0 and whose cost is known.</summary>
    public void TakeReversed(int[][] orders, long[] starts, long cost)
    {
        for (var lane = 0; lane < orders.Length; lane++)
        {
            orders[lane].CopyTo(Orders[lane], 0);
            Array.Reverse(Orders[lane]);
        }

        for (var operation = 0; operation < starts.Length; operation++)
            Starts[operation] = cost - starts[operation] - _graph.Duration[operation];
        Cost = cost;
    }
}

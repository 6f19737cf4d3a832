using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// How lane times make the objective: a lane starts no earlier than its release, and the cost of an order is the largest sum of a lane's
/// last end and its delivery. For the makespan both are 0. For the span under given first starts x, lane d has release x and delivery -x:
/// then the cost is the largest span, and minimising it leaves the first starts to be improved in turn.
/// </summary>
/// <param name="Release">Earliest first start of each lane.</param>
/// <param name="Delivery">Ticks added to the last end of each lane.</param>
internal sealed record LaneDates(long[] Release, long[] Delivery)
{
    /// <summary>No release, no delivery: the makespan.</summary>
    public static LaneDates Open(int lanes) => new(new long[lanes], new long[lanes]);

    /// <summary>The span under given first starts.</summary>
    public static LaneDates From(long[] firstStarts, int devices)
    {
        var (release, delivery) = (new long[firstStarts.Length], new long[firstStarts.Length]);
        firstStarts.AsSpan(0, devices).CopyTo(release);
        for (var lane = 0; lane < devices; lane++) delivery[lane] = -release[lane];
        // What another lane does last, a device waits for, whose delivery is no less.
        delivery.AsSpan(devices).Fill(delivery.AsSpan(0, devices).ToArray().Min());
        return new LaneDates(release, delivery);
    }

    /// <summary>
    /// Dates to make first orders with: the makespan's, or for the span those in which each lane starts when its first operation can
    /// be ready at the earliest.
    /// </summary>
    public static LaneDates Earliest(Problem problem, SearchGraph graph)
    {
        if (problem.Objective == Objective.Makespan) return Open(graph.LaneCount);
        var heads = new long[graph.Count];
        var firsts = new long[graph.LaneCount];
        Array.Fill(firsts, long.MaxValue);
        // Operations are numbered so that each comes after what it waits for.
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var (other, lag) in graph.Before.Of(operation))
                heads[operation] = Math.Max(heads[operation], heads[other] + graph.Duration[other] + lag);

            firsts[graph.Lane[operation]] = Math.Min(firsts[graph.Lane[operation]], heads[operation]);
        }

        return From(firsts, graph.DeviceCount);
    }

    /// <summary>The same dates with time reversed: a schedule of the same cost runs from the deliveries to the releases.</summary>
    public LaneDates Reversed
    {
        get
        {
            var least = Delivery.Min();
            return new([.. Delivery.Select(delivery => delivery - least)], [.. Release.Select(release => release + least)]);
        }
    }

    /// <summary>The cost of an order whose lanes end at given times.</summary>
    public long Cost(ReadOnlySpan<long> ends)
    {
        var cost = long.MinValue;
        for (var lane = 0; lane < ends.Length; lane++) cost = Math.Max(cost, ends[lane] + Delivery[lane]);
        return cost;
    }
}

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// How often the length of a replay followed from each operation and each link: of each replay one path, of operations of which each starts as soon as the
/// one before it, and its message, let it; where there are several, one that stays on a device as long as it can, as
/// <see cref="Schedules.CriticalPath"/> has it.
/// </summary>
internal sealed class CriticalTally(OrderNetwork order)
{
    private readonly int[] _lastOnLink = NeverSeen(order.Links.All.Count);

    /// <summary>Replays whose path has the operation, by its index in the graph.</summary>
    public int[] Operations { get; } = new int[order.Count];

    /// <summary>Time that the operation has of all paths together, as shares of their lengths, by its index in the graph.</summary>
    public double[] Shares { get; } = new double[order.Count];

    /// <summary>Replays whose path has a message of the link.</summary>
    public int[] Links { get; } = new int[order.Links.All.Count];

    /// <summary>Time that messages of the link have of all paths together, as shares of their lengths.</summary>
    public double[] LinkShares { get; } = new double[order.Links.All.Count];

    /// <summary>Counts the path of a replay. Cost: linear in its operations.</summary>
    /// <param name="block">The durations.</param>
    /// <param name="times">The times of the replay.</param>
    /// <param name="lane">The place of the replay in the block.</param>
    /// <param name="replay">The number of the replay.</param>
    /// <param name="length">What it took.</param>
    /// <param name="last">The operation with which it ended.</param>
    public void Count(NoiseBlock block, ReplayTimes times, int lane, int replay, double length, int last)
    {
        for (var place = last; place >= 0;)
        {
            var operation = order.Operations[place];
            var share = length == 0 ? 0 : (times.EndOf(place, lane) - times.StartOf(place, lane)) / length;
            Operations[operation]++;
            Shares[operation] += share;
            if (order.LinkOfPlace(place) is >= 0 and var own) Note(own, replay, share);
            place = Before(block, times, lane, place, replay, length);
        }
    }

    private int Before(NoiseBlock block, ReplayTimes times, int lane, int place, int replay, double length)
    {
        var start = times.StartOf(place, lane);
        var previous = order.Previous[place];
        if (previous >= 0 && times.EndOf(previous, lane) == start) return previous;
        var (begin, end) = order.EdgesOf(place);
        for (var edge = begin; edge < end; edge++)
        {
            var (from, lag) = (order.From[edge], order.LagOf(edge, block, lane));
            if (times.EndOf(from, lane) + lag != start) continue;
            if (order.LinkOfEdge(edge) is >= 0 and var link) Note(link, replay, length == 0 ? 0 : lag / length);
            return from;
        }

        return -1;
    }

    private void Note(int link, int replay, double share)
    {
        LinkShares[link] += share;
        if (_lastOnLink[link] == replay) return;
        _lastOnLink[link] = replay;
        Links[link]++;
    }

    private static int[] NeverSeen(int count)
    {
        var replays = new int[count];
        Array.Fill(replays, -1);
        return replays;
    }
}

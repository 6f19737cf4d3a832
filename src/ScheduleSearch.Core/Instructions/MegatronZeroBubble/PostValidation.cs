using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.MegatronZeroBubble;

/// <summary>
/// Lets the optimizer's last check travel from the last rank to the first during the next iteration's warm-up, so that no barrier stands
/// between iterations. A rank validates after the next rank, and before whatever is not a forward of its first chunk.
/// </summary>
/// <remarks>
/// Each rank validates as late as that allows. The messages stand in the ranks' streams where they would in one global order by time,
/// each before all else of the same time, so that they add no deadlock.
/// </remarks>
internal static class PostValidation
{
    private static readonly string[] Types = ["RECV_POST_VALIDATION", "SEND_POST_VALIDATION", "POST_VALIDATION"];

    /// <summary>Adds the nodes, and marks what is received again when the check fails.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="ranks">For each rank its nodes, which are changed.</param>
    /// <returns>Whether it is possible: on every rank the check must come after its first operation's start.</returns>
    public static bool TryAddTo(Timeline timeline, List<ScheduledNode>[] ranks)
    {
        if (Times(timeline, ranks) is not { } times) return false;
        for (var rank = 0; rank < ranks.Length; rank++) Insert(ranks, rank, times);
        for (var rank = 1; rank < ranks.Length; rank++) MarkRollback(ranks[rank - 1], ranks[rank]);
        return true;
    }

    /// <summary>When each rank validates, in ticks; null when one would have to before it begins.</summary>
    private static long[]? Times(Timeline timeline, List<ScheduledNode>[] ranks)
    {
        var times = new long[ranks.Length];
        for (var rank = 0; rank < ranks.Length; rank++)
        {
            times[rank] = ranks[rank].First(node => !node.IsBeforeValidation).Start;
            if (rank > 0) times[rank] = Math.Min(times[rank], times[rank - 1] - timeline.Schedule.Problem.Lag(rank, rank - 1));
            if (times[rank] < ranks[rank].First(node => node.Type == "F").Start) return null;
        }

        return times;
    }

    private static void Insert(List<ScheduledNode>[] ranks, int rank, long[] times)
    {
        foreach (var type in Types)
        {
            int? peer = type switch { "RECV_POST_VALIDATION" => rank + 1, "SEND_POST_VALIDATION" => rank - 1, _ => null };
            if (peer < 0 || peer == ranks.Length) continue;
            var time = times[peer == rank + 1 ? rank + 1 : rank];
            var nodes = ranks[rank];
            var place = nodes.FindIndex(node => node.Start >= time && !node.Type.EndsWith("POST_VALIDATION", StringComparison.Ordinal));
            nodes.Insert(place, new ScheduledNode(type, rank, 0, 0, null, time, time)
            {
                Peer = peer,
                Pair = peer is null ? null : -Math.Max(rank, peer.Value),
            });
        }
    }

    private static void MarkRollback(List<ScheduledNode> senders, List<ScheduledNode> nodes)
    {
        var sent = senders.TakeWhile(node => node.Type != "POST_VALIDATION")
            .Where(node => node.Type == "SEND_FORWARD").Select(node => (node.Microbatch, node.Slice)).ToHashSet();
        for (var position = 0; position < nodes.Count; position++)
        {
            var node = nodes[position];
            if (node is { Type: "RECV_FORWARD", Chunk: 0 } && sent.Contains((node.Microbatch, node.Slice))) nodes[position] = node with { Rollback = true };
        }
    }
}

using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// Replays fixed orders of a problem many times with durations that vary, all orders with the same ones. Each replay is a longest path: every operation
/// starts as soon as the one before it on its lane and all that it waits for let it.
/// </summary>
/// <remarks>
/// The makespan of a fixed order is convex in the durations, a maximum of sums of them: so its mean is never below the makespan at the mean durations. The
/// span of a replay counts from each device's own first start, which noise may put off, and has no such bound.
/// </remarks>
public static class ScheduleEvaluator
{
    /// <summary>Replays a schedule and others of the same problem. Cost: replays x operations of all of them, a few nanoseconds each.</summary>
    /// <param name="schedule">The schedule with its name, on all operations, those on no lane included.</param>
    /// <param name="others">Schedules of the same problem that are compared with it.</param>
    /// <param name="request">The replays, which <see cref="EvaluationCheck"/> has found to go with the problem.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Evaluated Run(
        (string Name, Timeline Timeline) schedule, IReadOnlyList<(string Name, Timeline Timeline)> others, EvaluationRequest request,
        CancellationToken cancellation)
    {
        var problem = schedule.Timeline.Schedule.Problem;
        var keys = new NoiseKeys(problem, request.Noise);
        var speeds = NoiseBlock.SpeedsOf(problem, request.Noise);
        (string Name, Timeline Timeline)[] all = [schedule, .. others];
        var orders = Array.ConvertAll(all, each => new OrderNetwork(each.Timeline, keys, speeds));
        var block = new NoiseBlock(problem, request.Noise, request.Seed, keys);
        var times = new ReplayTimes(orders.Max(order => order.Count));
        var lengths = Array.ConvertAll(orders, _ => new double[request.Replays]);
        var tally = new CriticalTally(orders[0]);
        for (var first = 0; first < request.Replays; first += NoiseBlock.Width)
        {
            block.Draw(first);
            for (var order = 0; order < orders.Length; order++)
            {
                cancellation.ThrowIfCancellationRequested();
                orders[order].Replay(block, times);
                for (var lane = 0; lane < NoiseBlock.Width && first + lane < request.Replays; lane++)
                {
                    var (length, last) = orders[order].LengthOf(times, lane);
                    lengths[order][first + lane] = length;
                    if (order == 0) tally.Count(block, times, lane, first + lane, length, last);
                }
            }
        }

        var evaluated = all.Index().Select(each => new EvaluatedOrder(
            each.Item.Name, ScheduleMetrics.Of(each.Item.Timeline).Objective, lengths[each.Index], Distribution.Of(lengths[each.Index]))).ToList();
        var replays = (double)request.Replays;
        return new Evaluated(
            evaluated[0],
            evaluated[1..],
            schedule.Timeline.Graph,
            [.. tally.Operations.Select(count => count / replays)],
            [.. tally.Shares.Select(share => share / replays)],
            orders[0].Links.All,
            [.. tally.Links.Select(count => count / replays)],
            [.. tally.LinkShares.Select(share => share / replays)],
            new ScheduleSlack(schedule.Timeline));
    }
}

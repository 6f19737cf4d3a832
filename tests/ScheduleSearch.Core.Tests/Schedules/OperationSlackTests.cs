using FsCheck.Xunit;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Evaluation;
using ScheduleSearch.Tests.Shared;
using Shouldly;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>How late an operation may be at no cost, and how much hangs on it, against replays of every operation by itself.</summary>
public class OperationSlackTests
{
    [Property(MaxTest = 150)]
    public void Late_by_its_slack_an_operation_costs_nothing_and_by_a_tick_more_it_does(Seed seed)
    {
        var timeline = Draw(seed);
        var (claimed, plain, graph) = (ScheduleMetrics.Of(timeline).Objective, new PlainReplay(timeline.Schedule), timeline.Graph);
        var slack = new OperationSlack(timeline).Ticks;
        for (var operation = 0; operation < graph.Count; operation++)
        {
            slack[operation].ShouldBeGreaterThanOrEqualTo(0);
            LengthWith(operation, slack[operation]).ShouldBe(claimed);
            // Under the span a device that begins later may make up for it; an operation of a device's own lane is what the makespan may wait for.
            if (timeline.Schedule.Problem.Objective == Objective.Makespan && graph.DueDates.IsEmpty)
                LengthWith(operation, slack[operation] + 1).ShouldBeGreaterThan(claimed);
        }

        // For all that waits for it, an operation that starts later is one that takes longer.
        double LengthWith(int late, long ticks) =>
            plain.Length(operation => graph.Durations[operation] + (operation == late ? ticks : 0), edge => edge.Lag, timeline);
    }

    [Property(MaxTest = 150)]
    public void A_priority_is_the_longest_path_to_the_end_and_a_lane_runs_by_it(Seed seed)
    {
        var timeline = Draw(seed);
        var (graph, plain) = (timeline.Graph, new PlainReplay(timeline.Schedule));
        var (priorities, after) = (new OperationSlack(timeline).Priorities(), plain.Edges.ToLookup(edge => edge.From));
        var paths = new Dictionary<int, long>();
        for (var operation = 0; operation < graph.Count; operation++) priorities[operation].ShouldBe(PathFrom(operation));
        for (var lane = 0; lane < graph.Lanes.Count; lane++)
            timeline.Schedule.OrderOf(lane).ToArray().Select(operation => priorities[operation]).ShouldBeInOrder(SortDirection.Descending);

        long PathFrom(int operation) => paths.TryGetValue(operation, out var known)
            ? known
            : paths[operation] = graph.Durations[operation] + after[operation].Select(edge => edge.Lag + PathFrom(edge.To)).DefaultIfEmpty().Max();
    }

    private static Timeline Draw(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = random.Next(3) switch
        {
            0 => SmallProblems.DrawLinked(random),
            1 => SmallProblems.DrawFeatured(random),
            _ => SmallProblems.Draw(random),
        };
        return Replay.Run(RandomOrders.Next(problem, random));
    }
}

using FsCheck.Xunit;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;

namespace ScheduleSearch.Core.Tests.Evaluation;

/// <summary>What may take longer: at no cost, and a tick more at one.</summary>
public class ScheduleSlackTests
{
    [Property(MaxTest = 150)]
    public void The_slack_of_a_device_costs_nothing_and_a_tick_more_does(Seed seed)
    {
        var (timeline, slack, plain) = Draw(seed);
        for (var device = 0; device < slack.Devices.Length; device++)
        {
            var order = timeline.Schedule.OrderOf(device).ToArray();
            var (once, each) = slack.Devices[device];
            each.ShouldBeLessThanOrEqualTo(once);
            Check(timeline, once, extension => order.Max(one => Length(operation => operation == one ? extension : 0, _ => 0)));
            Check(timeline, each, extension => Length(operation => order.Contains(operation) ? extension : 0, _ => 0));
        }

        double Length(Func<int, long> longer, Func<Edge, long> later) => LengthOf(timeline, plain, longer, later);
    }

    [Property(MaxTest = 150)]
    public void The_slack_of_a_link_costs_nothing_and_a_tick_more_does(Seed seed)
    {
        var (timeline, slack, plain) = Draw(seed);
        var links = ScheduleEvaluator.Run(("order", timeline), [], new() { Replays = 1 }, CancellationToken.None).Links;
        var graph = timeline.Graph;
        for (var link = 0; link < links.Count; link++)
        {
            var (from, to) = links[link];
            var messages = Enumerable.Range(0, graph.Count).Where(IsMessage).ToArray();
            var edges = plain.Edges.Where(edge => graph.LaneOf[edge.From] == from && graph.LaneOf[edge.To] == to).ToArray();
            var (once, each) = slack.Links[link];
            Check(timeline, once, extension => messages.Select(one => Length(operation => operation == one ? extension : 0, _ => 0))
                .Concat(edges.Select(one => Length(_ => 0, edge => edge == one ? extension : 0))).Max());
            Check(timeline, each, extension => Length(
                operation => messages.Contains(operation) ? extension : 0, edge => edges.Contains(edge) ? extension : 0));

            bool IsMessage(int operation)
            {
                if (graph.Operations[operation].Facts.Role != OperationRole.Message || graph.DeviceOf(operation) != from) return false;
                foreach (var (reader, _) in graph.DependentsOf(operation))
                {
                    if (graph.LaneOf[reader] == to) return true;
                }

                return false;
            }
        }

        double Length(Func<int, long> longer, Func<Edge, long> later) => LengthOf(timeline, plain, longer, later);
    }

    private static void Check(Timeline timeline, long slack, Func<long, double> lengthWith)
    {
        var claimed = ScheduleMetrics.Of(timeline).Objective;
        slack.ShouldBeGreaterThanOrEqualTo(0);
        lengthWith(slack).ShouldBe(claimed);
        // Under the span a device that begins later may make up for it.
        if (timeline.Schedule.Problem.Objective == Objective.Makespan) lengthWith(slack + 1).ShouldBeGreaterThan(claimed);
    }

    private static double LengthOf(Timeline timeline, PlainReplay plain, Func<int, long> longer, Func<Edge, long> later) => plain.Length(
        operation => timeline.Graph.Durations[operation] + longer(operation), edge => edge.Lag + later(edge), timeline);

    private static (Timeline Timeline, ScheduleSlack Slack, PlainReplay Plain) Draw(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = random.Next(3) switch
        {
            0 => SmallProblems.DrawLinked(random),
            1 => SmallProblems.DrawFeatured(random),
            _ => SmallProblems.Draw(random),
        };
        var timeline = Replay.Run(RandomOrders.Next(problem, random));
        return (timeline, new ScheduleSlack(timeline), new PlainReplay(timeline.Schedule));
    }
}

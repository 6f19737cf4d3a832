using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>Pipelines on the nodes of a cluster: the problem of the slowest one, whose schedule all of them carry out.</summary>
public sealed class PlannedPipeline
{
    private readonly PlacedGrid _placed;

    private readonly ImmutableArray<double> _sums;

    private readonly Quantity _time;

    private PlannedPipeline(Problem problem, PlacedGrid placed, ImmutableArray<double> sums, Quantity time) =>
        (Problem, _placed, _sums, _time) = (problem, placed, sums, time);

    /// <summary>The problem of the slowest pipeline.</summary>
    public Problem Problem { get; }

    /// <summary>Milliseconds of an iteration by Pipette's formula.</summary>
    public double Milliseconds => _time.Value;

    /// <summary>How they come about.</summary>
    public string Formula => _time.Formula;

    /// <summary>The nodes in the order in which the launcher lists them: ranks are dealt out to them as Megatron does.</summary>
    public ImmutableArray<int> Nodes => _placed.Nodes;

    /// <summary>Pipelines on a cluster: each node at its place, in their own order where all links are alike, else in the one with the least time.</summary>
    /// <param name="work">What the pipelines compute and send.</param>
    /// <param name="tensor">Devices of a rank, a divisor of those of a node.</param>
    /// <param name="cluster">The cluster, which has room for them.</param>
    /// <param name="device">Its devices.</param>
    /// <param name="options">Whether backwards are split, and the seed of the nodes' order.</param>
    /// <param name="limits">How large the problem may be.</param>
    /// <exception cref="InvalidProfileException">There is no such problem here: it does not fit, or is too large.</exception>
    public static PlannedPipeline Of(PlannedWork work, int tensor, Cluster cluster, DeviceModel device, SolveOptions options, ProblemLimits limits)
    {
        var (stages, shape) = (work.Stages, work.Stages.Pipeline);
        var (links, grid) = (new ClusterLinks(cluster, device), new NodeGrid(tensor, shape.Devices, work.Pipelines, cluster.DevicesPerNode));
        var rounds = PipetteTime.Rounds(shape.Devices, shape.Microbatches);
        var placed = With(links.AreAlike ? [.. Enumerable.Range(0, cluster.Nodes)] : NodeOrder.Best(cluster.Nodes, Cost, options.Seed));
        var sums = SumsOn(placed);
        var busiest = Enumerable.Range(0, shape.Devices).Max(rank => WorkOf(stages, rank));
        var profile = stages with { Times = stages.Times with { Communication = placed.CommunicationOn(placed.SlowestPath) } };
        return new(
            Problem.Create(profile, Objective.Makespan, options.SplitBackward, limits),
            placed,
            sums,
            PipetteTime.Of(busiest, placed.Messages, sums.Max(), shape.Devices, shape.Chunks, shape.Microbatches));

        PlacedGrid With(ImmutableArray<int> nodes) => new(grid, links, nodes, shape.Chunks, work.MessageBytes);

        // What of the time depends on the order.
        double Cost(ImmutableArray<int> nodes) => With(nodes) is var tried ? rounds * tried.Messages + SumsOn(tried).Max() : 0;

        ImmutableArray<double> SumsOn(PlacedGrid standing) => [.. work.SumBytes.Select((bytes, rank) => standing.Sums(rank, bytes))];
    }

    /// <summary>What a schedule comes to: its orders are replayed with the messages of each pipeline that differs in them.</summary>
    /// <param name="timeline">A schedule of the problem.</param>
    public PlannedIteration IterationOf(Timeline timeline)
    {
        var (makespan, total, slowest) = (0.0, 0.0, _placed.SlowestPath);
        foreach (var path in _placed.Paths)
        {
            var replayed = path.SequenceEqual(slowest) ? timeline : On(path, timeline);
            for (var rank = 0; rank < Problem.Devices; rank++)
            {
                var end = EndOf(replayed, rank);
                makespan = Math.Max(makespan, end);
                total = Math.Max(total, end + _sums[rank]);
            }
        }

        return new(makespan, total - makespan, PeakMemory(timeline));
    }

    /// <summary>The time that a rank computes on a microbatch.</summary>
    private static double WorkOf(Profile stages, int rank)
    {
        var times = stages.Times;
        return (double)Enumerable.Range(0, stages.Pipeline.Chunks).Select(chunk => chunk * stages.Pipeline.Devices + rank)
            .Sum(stage => times.Forward[stage] + times.BackwardInput[stage] + times.BackwardWeight[stage]);
    }

    private static double EndOf(Timeline timeline, int rank) =>
        (double)timeline.Schedule.Problem.TimeScale.FromTicks(timeline.EndOf(timeline.Schedule.OrderOf(rank)[^1]));

    private static double PeakMemory(Timeline timeline)
    {
        var (schedule, problem) = (timeline.Schedule, timeline.Schedule.Problem);
        return (double)Enumerable.Range(0, problem.Devices).Max(rank =>
            problem.MemoryScale.FromTicks(ScheduleMetrics.PeakMemoryOf(schedule.Graph, schedule.OrderOf(rank)) + problem.WeightsOn(rank)));
    }

    /// <summary>The same orders with the messages of another path.</summary>
    private Timeline On(ImmutableArray<int> path, Timeline timeline)
    {
        var profile = Problem.Profile with { Times = Problem.Profile.Times with { Communication = _placed.CommunicationOn(path) } };
        var problem = Problem.Create(profile, Problem.Objective, Problem.SplitBackward, ProblemLimits.None);
        return Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(rank => timeline.Schedule.OperationsOn(rank).ToList())]));
    }
}

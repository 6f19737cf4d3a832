using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>Pipelines on the nodes of a cluster: the problem of the slowest one, whose schedule all of them carry out.</summary>
public sealed class PlannedPipeline
{
    private readonly PlacedGrid _placed;

    private readonly ImmutableArray<double> _sums;

    private readonly Quantity _time;

    private readonly PlannedLayers? _layers;

    private readonly Lazy<PlacementChoice?> _choice;

    private PlannedPipeline(
        Problem problem, PlacedGrid placed, ImmutableArray<double> sums, Quantity time, PlannedLayers? layers, Func<Profile, PlacementChoice> choose)
    {
        (Problem, _placed, _sums, _time, _layers) = (problem, placed, sums, time, layers);
        _choice = new(() => layers is null ? null : Chosen(On(layers.Profile, placed.SlowestPath), choose));
    }

    /// <summary>The problem of the slowest pipeline, with the stages that the formula takes.</summary>
    public Problem Problem { get; }

    /// <summary>
    /// The choice between splits of the slowest pipeline's layers, which is what is searched; null where they are not searched, or none that would be tried
    /// fits. Takes up to some tenths of a second.
    /// </summary>
    public PlacementChoice? Choice => _choice.Value;

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
        var (stages, shape, placement) = (work.Stages, work.Stages.Pipeline, Problem.PlacementOf(work.Stages));
        var (links, grid) = (new ClusterLinks(cluster, device), new NodeGrid(tensor, shape.Devices, work.Pipelines, cluster.DevicesPerNode));
        var rounds = PipetteTime.Rounds(shape.Devices, shape.Microbatches);
        var placed = With(links.AreAlike ? [.. Enumerable.Range(0, cluster.Nodes)] : NodeOrder.Best(cluster.Nodes, Cost, options.Seed));
        var sums = SumsOn(placed, work.SumBytes);
        var profile = stages with { Times = stages.Times with { Communication = placed.CommunicationOn(placed.SlowestPath) } };
        return new(
            Problem.Create(profile, Objective.Makespan, options.SplitBackward, limits),
            placed,
            sums,
            PipetteTime.Of(BusiestOf(stages), placed.Messages, sums.Max(), shape.Devices, placement.StagesOn(0).Length, shape.Microbatches),
            work.Layers,
            layered => CarriedChoice.Create(layered, options, limits));

        PlacedGrid With(ImmutableArray<int> nodes) => new(grid, links, nodes, placement, work.MessageBytes);

        // What of the time depends on the order.
        double Cost(ImmutableArray<int> nodes) => With(nodes) is var tried ? rounds * tried.Messages + SumsOn(tried, work.SumBytes).Max() : 0;
    }

    /// <summary>The layers of each stage in the problem of an alternative of the choice; null where it is none.</summary>
    /// <param name="id">The id of the problem.</param>
    public ImmutableArray<int>? SplitOf(string id) =>
        Choice?.Alternatives.FirstOrDefault(alternative => alternative.Problem?.Id == id) is { } found
            && found.With.TryGetValue(PipelineSection.SplitPath, out var split)
                ? [.. split.EnumerateArray().Select(layers => layers.GetInt32())]
                : null;

    /// <summary>What a schedule comes to: its orders are replayed with the messages of each pipeline that differs in them.</summary>
    /// <param name="timeline">A schedule of the problem, or of an alternative of the choice.</param>
    public PlannedIteration IterationOf(Timeline timeline)
    {
        var (makespan, total, slowest) = (0.0, 0.0, _placed.SlowestPath);
        var split = SplitOf(timeline.Schedule.Problem.Id);
        var sums = split is { } layers && _layers is { } given ? SumsOn(_placed, given.SumBytes(layers)) : _sums;
        foreach (var path in _placed.Paths)
        {
            var replayed = path.SequenceEqual(slowest) ? timeline : On(path, timeline);
            for (var rank = 0; rank < Problem.Devices; rank++)
            {
                var end = EndOf(replayed, rank);
                makespan = Math.Max(makespan, end);
                total = Math.Max(total, end + sums[rank]);
            }
        }

        return new(makespan, total - makespan, PeakMemory(timeline));
    }

    /// <summary>The time that the busiest rank computes on a microbatch: of two pipes, each has half of them.</summary>
    /// <param name="stages">A profile of stages.</param>
    internal static double BusiestOf(Profile stages)
    {
        var (times, placement) = (stages.Times, Problem.PlacementOf(stages));
        return Enumerable.Range(0, placement.Devices).Max(rank => (double)placement.StagesOn(rank)
            .Sum(stage => times.Forward[stage.Stage] + times.BackwardInput[stage.Stage] + times.BackwardWeight[stage.Stage])) / placement.Pipes;
    }

    private static PlacementChoice? Chosen(Profile layered, Func<Profile, PlacementChoice> choose)
    {
        try
        {
            return choose(layered);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    private static ImmutableArray<double> SumsOn(PlacedGrid standing, ImmutableArray<double> sumBytes) =>
        [.. sumBytes.Select((bytes, rank) => standing.Sums(rank, bytes))];

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
        var known = timeline.Schedule.Problem;
        var problem = Problem.Create(On(known.Profile, path), known.Objective, known.SplitBackward, ProblemLimits.None);
        return Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(rank => timeline.Schedule.OperationsOn(rank).ToList())]));
    }

    private Profile On(Profile profile, ImmutableArray<int> path) =>
        profile with { Times = profile.Times with { Communication = _placed.CommunicationOn(path) } };
}

using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// An order of the operations on each lane. The order is all that a schedule decides; its times follow from it by <see cref="Replay"/>.
/// </summary>
public sealed class Schedule
{
    private readonly int[][] _orders;

    /// <summary>States the order of each lane by operation index. Each operation on a lane stands once in its lane's order.</summary>
    /// <exception cref="ArgumentException">An operation is missing, stands twice or on a lane that is not its own.</exception>
    public Schedule(OperationGraph graph, IReadOnlyList<IReadOnlyList<int>> orders)
    {
        Graph = graph;
        if (orders.Count != graph.Lanes.Count)
            throw new ArgumentException($"{orders.Count} orders for {graph.Lanes.Count} lanes.", nameof(orders));
        var seen = new bool[graph.Count];
        _orders = [.. orders.Select(order => order.ToArray())];
        for (var lane = 0; lane < _orders.Length; lane++)
        {
            foreach (var operation in _orders[lane])
            {
                if (operation < 0 || operation >= graph.Count || graph.LaneOf[operation] != lane)
                    throw new ArgumentException($"Operation {operation} does not belong to lane {lane}.", nameof(orders));
                if (seen[operation]) throw new ArgumentException($"The {graph.Operations[operation]} stands twice.", nameof(orders));
                seen[operation] = true;
            }
        }

        for (var operation = 0; operation < seen.Length; operation++)
        {
            if (!seen[operation] && graph.LaneOf[operation] != OperationGraph.NoLane)
                throw new ArgumentException($"The {graph.Operations[operation]} is missing.", nameof(orders));
        }
    }

    /// <summary>The operations that are ordered.</summary>
    public OperationGraph Graph { get; }

    /// <summary>The problem whose operations are ordered.</summary>
    public Problem Problem => Graph.Problem;

    /// <summary>Operation indices of a lane, first to last.</summary>
    public ReadOnlySpan<int> OrderOf(int lane) => _orders[lane];

    /// <summary>The operations of a device's compute lane, first to last.</summary>
    public IEnumerable<Operation> OperationsOn(int device) => _orders[device].Select(operation => Graph.Operations[operation]);

    /// <summary>The operations of a device: those of its compute lane, first to last, then those of each of its other lanes, first to last.</summary>
    public IEnumerable<Operation> AllOn(int device) =>
        Graph.LanesOf(device).SelectMany(lane => _orders[lane]).Select(operation => Graph.Operations[operation]);

    /// <summary>The same orders of the graph that has the operations on no lane too: this schedule where its own has all.</summary>
    public Schedule OnWhole() => Graph.Whole is { } whole
        ? new Schedule(whole, [.. _orders.Select(order => order.Select(operation => whole.IndexOf(Graph.Operations[operation])).ToArray())])
        : this;

    /// <summary>Whether every device holds no more than it may, whatever the times.</summary>
    public bool FitsMemory() =>
        Enumerable.Range(0, Problem.Devices).All(device => ScheduleMetrics.PeakMemoryOf(Graph, _orders[device]) <= Problem.LimitOf(device));

    /// <summary>Whether all that has to be done in time is. Cost: that of a replay where there is any, else nothing.</summary>
    public bool KeepsDeadlines() => Graph.DueDates.IsEmpty || Replay.Run(this).KeepsDeadlines;

    /// <summary>The schedule that lets each device carry out its operations in the order given.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="devices">
    /// For each device its operations, those of each lane first to last. Lanes other than compute lanes may be left out: they serve what is ready first.
    /// </param>
    /// <exception cref="ArgumentException">An operation is missing, stands twice, on the wrong device, or does not exist.</exception>
    public static Schedule Of(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> devices)
    {
        var graph = OperationGraph.Build(problem, OperationSelection.Of(problem, devices.SelectMany(order => order)));
        if (devices.Count != problem.Devices) throw new ArgumentException($"{devices.Count} orders for {problem.Devices} lanes.", nameof(devices));
        var orders = graph.Lanes.Select(_ => new List<int>()).ToList();
        for (var device = 0; device < devices.Count; device++)
        {
            foreach (var operation in devices[device])
            {
                var index = IndexOf(graph, operation);
                // An operation of another device stays here, for the constructor to refuse.
                var lane = graph.LaneOf[index] is >= 0 and var own && graph.Lanes[own].Device == device ? own : device;
                orders[lane].Add(index);
            }
        }

        FirstComeFirstServed.Complete(graph, orders);
        return new Schedule(graph, orders);
    }

    private static int IndexOf(OperationGraph graph, Operation operation) =>
        graph.IndexOf(operation) is >= 0 and var index
            ? index
            : throw new ArgumentException($"The {operation} is not one of the operations of this problem.", nameof(operation));
}

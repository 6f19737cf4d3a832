using System.Collections.Immutable;
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

    /// <summary>The schedule that lets each device carry out its operations in the order given.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="devices">For each device its operations, first to last.</param>
    /// <exception cref="ArgumentException">An operation is missing, stands twice, on the wrong device, or does not exist.</exception>
    public static Schedule Of(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> devices)
    {
        var graph = OperationGraph.Build(problem, OperationSelection.Of(problem, devices.SelectMany(order => order)));
        return new Schedule(graph, [.. devices.Select(order => order.Select(operation => IndexOf(graph, operation)).ToImmutableArray())]);
    }

    private static int IndexOf(OperationGraph graph, Operation operation) =>
        graph.IndexOf(operation) is >= 0 and var index
            ? index
            : throw new ArgumentException($"The {operation} is not one of the operations of this problem.", nameof(operation));
}

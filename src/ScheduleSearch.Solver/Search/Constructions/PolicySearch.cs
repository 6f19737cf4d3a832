using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Anneals the policy of the list scheduler. A policy does not depend on the number of microbatches, so where there are many it is judged
/// on fewer, enough for a warm-up, a steady state and a cool-down, and only the outcome is carried out on all.
/// </summary>
internal sealed class PolicySearch
{
    private const int RoundTrips = 3;
    private const double Heat = 0.01;

    private readonly SearchGraph _graph;
    private readonly SearchGraph _judged;
    private readonly ListScheduler _lists;
    private readonly ListScheduler _judge;
    private readonly ListPolicies _policies;
    private readonly LaneDates _dates;
    private readonly LaneDates _judgedDates;

    public PolicySearch(OperationGraph operations, SearchGraph graph)
    {
        var problem = operations.Problem;
        _graph = graph;
        _policies = new ListPolicies(problem, graph);
        _lists = new ListScheduler(graph);
        _dates = LaneDates.Earliest(problem, graph);
        var microbatches = RoundTrips * problem.Devices;
        // With fewer, other devices may be dealt pieces, and policies are of the chains of one graph.
        if (microbatches < problem.Microbatches && !problem.HasDealtFill)
        {
            var fewer = problem.WithMicrobatches(microbatches);
            _judged = SearchGraph.Of(OperationGraph.BuildOnLanes(fewer, OperationSelection.Finest(fewer, PipeShares.Scaled(operations, microbatches))));
            _judge = new ListScheduler(_judged);
            _judgedDates = LaneDates.Earliest(fewer, _judged);
        }
        else
        {
            (_judged, _judge, _judgedDates) = (graph, _lists, _dates);
        }
    }

    /// <summary>Operations placed so far: the measure of work.</summary>
    public long Placed { get; private set; }

    /// <summary>Orders of the best policy found; null when it gets stuck, which a policy that was varied may.</summary>
    /// <param name="tries">Policies to try beyond the standard ones.</param>
    /// <param name="random">Draws the changes.</param>
    /// <param name="isOver">Whether to stop early.</param>
    public int[][]? Run(int tries, Random random, Func<bool> isOver)
    {
        var (policy, cost) = (_policies.Standard().First(), long.MaxValue);
        foreach (var standard in _policies.Standard())
        {
            if (isOver()) break;
            if (Judge(standard) is not { } found || found >= cost) continue;
            (policy, cost) = (standard, found);
        }

        var (best, leastCost) = (policy, cost);
        for (var tried = 0; tried < tries && !isOver(); tried++)
        {
            var varied = _policies.Vary(policy, random);
            var temperature = Heat * cost * (tries - tried) / tries;
            if (Judge(varied) is not { } found || found > cost - temperature * Math.Log(1 - random.NextDouble())) continue;
            (policy, cost) = (varied, found);
            if (cost < leastCost) (best, leastCost) = (policy, cost);
        }

        Placed += _graph.Count;
        return _lists.Run(best, _dates) is null ? null : _lists.Orders;
    }

    private long? Judge(ListPolicy policy)
    {
        Placed += _judged.Count;
        return _judge.Run(policy, _judgedDates);
    }
}

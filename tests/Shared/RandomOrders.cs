using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Valid orders without any plan: the same random source gives the same orders.</summary>
internal static class RandomOrders
{
    private const int Tries = 5;

    /// <summary>A valid order of a problem, whose backwards are all split, all fused or some of each, where the problem allows it.</summary>
    public static Schedule Next(Problem problem, Random random) => Next(OperationGraph.Build(problem, Selection(problem, random)), random);

    /// <summary>
    /// A valid order of a graph: whatever is ready and fits memory goes next, by chance. Where memory blocks every try, one microbatch
    /// goes after the other.
    /// </summary>
    public static Schedule Next(OperationGraph graph, Random random) =>
        Enumerable.Range(0, Tries).Select(_ => Simulate(graph, random)).FirstOrDefault(schedule => schedule is not null) ?? Sequential(graph);

    /// <summary>Backwards split or fused by chance, all microbatches down the first pipe that memory has room for.</summary>
    public static OperationSelection Selection(Problem problem, Random random)
    {
        if (!problem.HasRoomFor(0)) return Selection(problem, random, [Enumerable.Range(0, problem.Placement.Pipes).First(problem.HasRoomFor)]);
        if (!problem.SplitBackward) return OperationSelection.Fused(problem);
        var percent = random.Pick(0, 0, 30, 100);
        return OperationSelection.Of(
            problem,
            from stage in Enumerable.Range(0, problem.Stages)
            from microbatch in Enumerable.Range(0, problem.Microbatches)
            where random.Chance(percent)
            select Operation.Backward(stage, microbatch));
    }

    /// <summary>Backwards split or fused, and microbatches down some pipes, by chance.</summary>
    public static OperationSelection Selection(Problem problem, Random random, int[] pipes)
    {
        var fused = problem.SplitBackward ? random.Pick(0, 0, 30, 100) : 100;
        return OperationSelection.Of(
            problem,
            from microbatch in Enumerable.Range(0, problem.Microbatches)
            let pipe = random.Pick(pipes)
            from stage in Enumerable.Range(0, problem.Stages)
            from slice in Enumerable.Range(0, problem.SliceCount)
            select new Operation(random.Chance(fused) ? OperationKind.Backward : OperationKind.BackwardInput, pipe, stage, microbatch) { Slice = slice });
    }

    private static Schedule? Simulate(OperationGraph graph, Random random)
    {
        var state = new State(graph);
        // Aimless orders are those that no search would look at; the ones that lose no time are those that it ends with.
        Func<IReadOnlyList<int>, int> choose = random.Next(3) switch
        {
            0 => fitting => fitting[random.Next(fitting.Count)],
            1 => fitting => Math.Min(fitting[random.Next(fitting.Count)], fitting[random.Next(fitting.Count)]),
            _ => Eager(state, random),
        };
        while (state.Ready.Count > 0)
        {
            var fitting = state.Ready.Where(state.Fits).ToList();
            if (fitting.Count == 0) return null;
            state.Append(choose(fitting));
        }

        return new Schedule(graph, state.Orders);
    }

    /// <summary>What can start first; among equals, one of the kind of operation that this order prefers.</summary>
    private static Func<IReadOnlyList<int>, int> Eager(State state, Random random)
    {
        var kinds = Enum.GetValues<OperationKind>();
        random.Shuffle(kinds);
        return fitting => fitting.MinBy(operation =>
            (state.StartOf(operation), Array.IndexOf(kinds, state.Graph.Operations[operation].Kind), random.Next()));
    }

    private static Schedule Sequential(OperationGraph graph)
    {
        var orders = graph.Lanes.Select(_ => new List<int>()).ToArray();
        var byMicrobatch = Enumerable.Range(0, graph.Count).OrderBy(operation =>
            graph.Operations[operation] is { Facts.IsOfMicrobatch: true } of ? of.Microbatch : int.MaxValue);
        foreach (var operation in byMicrobatch) orders[graph.LaneOf[operation]].Add(operation);
        return new Schedule(graph, orders);
    }

    /// <summary>Orders as far as they have grown.</summary>
    private sealed class State
    {
        private readonly long[] _held;
        private readonly long[] _free;
        private readonly long[] _ends;
        private readonly int[] _waiting;

        public State(OperationGraph graph)
        {
            Graph = graph;
            Orders = [.. graph.Lanes.Select(_ => new List<int>())];
            (_held, _free, _ends) = (new long[Orders.Length], new long[Orders.Length], new long[graph.Count]);
            _waiting = [.. Enumerable.Range(0, graph.Count).Select(operation => graph.DependenciesOf(operation).Length)];
            Ready = [.. Enumerable.Range(0, graph.Count).Where(operation => _waiting[operation] == 0)];
        }

        public OperationGraph Graph { get; }

        public List<int>[] Orders { get; }

        public List<int> Ready { get; }

        public bool Fits(int operation) =>
            Graph.Acquired[operation] == 0 || _held[Graph.LaneOf[operation]] + Graph.Acquired[operation] <= Graph.Problem.LimitOf(Graph.LaneOf[operation]);

        public long StartOf(int operation)
        {
            var start = _free[Graph.LaneOf[operation]];
            foreach (var (dependency, lag) in Graph.DependenciesOf(operation)) start = Math.Max(start, _ends[dependency] + lag);
            return start;
        }

        public void Append(int operation)
        {
            var lane = Graph.LaneOf[operation];
            _free[lane] = _ends[operation] = StartOf(operation) + Graph.Durations[operation];
            _held[lane] += Graph.Acquired[operation] - Graph.Released[operation];
            Ready.Remove(operation);
            Orders[lane].Add(operation);
            foreach (var (dependent, _) in Graph.DependentsOf(operation))
            {
                if (--_waiting[dependent] == 0) Ready.Add(dependent);
            }
        }
    }
}
